import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { lifecycleMoved } from '../../signals/lifecycle/events.ts'
import { beginActions, runJob } from './commands/begin.ts'
import { runAction } from './commands/run.ts'

const beginJob = 'lifecycle_actions.begin'

export const reactions = { [lifecycleMoved]: [beginJob] }

export const jobs = [
  tenantJob({
    name: beginJob,
    payload: z.object({ event: z.object({ payload: z.object({ at: z.iso.datetime({ offset: true }) }) }) }),
    handle: (ctx, { event }) => beginActions(ctx, event.payload.at),
  }),
  tenantJob({
    name: runJob,
    payload: z.object({ id: z.uuid() }),
    handle: (ctx, { id }) => runAction(ctx, id),
  }),
]
