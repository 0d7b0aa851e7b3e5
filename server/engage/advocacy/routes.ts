import { implement } from '../../platform/http/implement.ts'
import { createActivity, updateActivity } from './commands.ts'
import * as contract from './contract.ts'
import { getActivity, listActivities } from './queries.ts'

export const routes = [
  implement(contract.listActivities, (ctx, { params, query }) => listActivities(ctx, params.id, query)),
  implement(contract.createActivity, async (ctx, { params, body }) =>
    getActivity(ctx, await createActivity(ctx, params.id, body)),
  ),
  implement(contract.updateActivity, async (ctx, { params, body }) => {
    await updateActivity(ctx, params.activityId, body)
    return getActivity(ctx, params.activityId)
  }),
]
