import { implement } from '../../platform/http/implement.ts'
import { createCommunication, deleteCommunication, updateCommunication } from './commands.ts'
import * as contract from './contract.ts'
import { getCommunication, getTimeline } from './queries/timeline.ts'

export const routes = [
  implement(contract.getTimeline, (ctx, { params, query }) => getTimeline(ctx, params.id, query)),
  implement(contract.createCommunication, async (ctx, { params, body }) =>
    getCommunication(ctx, await createCommunication(ctx, params.id, body)),
  ),
  implement(contract.updateCommunication, async (ctx, { params, body }) => {
    await updateCommunication(ctx, params.id, body)
    return getCommunication(ctx, params.id)
  }),
  implement(contract.deleteCommunication, async (ctx, { params }) => {
    await deleteCommunication(ctx, params.id)
    return undefined
  }),
]
