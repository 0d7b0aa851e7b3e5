import { sql } from 'kysely'
import { z } from 'zod'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged } from '../../signals/metrics/events.ts'
import { cancelOfChurned, cancelOfMerged, releasePeople } from './commands/depart.ts'
import { followJourneys } from './commands/follow.ts'
import { startByRules } from './commands/start.ts'

const watch = 'onboarding.watch'
const followTask = 'onboarding.follow_task'
const release = 'onboarding.release'
const churned = 'onboarding.customer_churned'
const merged = 'onboarding.customer_merged'

export const reactions = {
  [figuresChanged]: [watch],
  'customer.created': [watch],
  'contract.created': [watch],
  'task.done': [followTask],
  'member.removed': [release],
  'customer.churned': [churned],
  'customer.merged': [merged],
}

export const jobs = [
  tenantJob({
    name: watch,
    payload: z.looseObject({}),
    async handle(ctx) {
      await startByRules(ctx)
      await followJourneys(ctx)
    },
    schedule: '10 * * * *',
  }),
  tenantJob({
    name: followTask,
    payload: z.object({ event: z.object({ payload: z.looseObject({ taskId: z.uuid() }) }) }),
    async handle(ctx, { event }) {
      const { rows } = await sql<{ id: string }>`
        select t.journey_id as id from onboarding_task t where t.tenant_id = ${ctx.tenantId} and t.task_id = ${event.payload.taskId}`.execute(
        ctx.tx,
      )
      if (rows[0]) await followJourneys(ctx, [rows[0].id])
    },
  }),
  tenantJob({
    name: release,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => releasePeople(ctx, event.subject_id),
  }),
  tenantJob({
    name: churned,
    payload: z.object({ event: z.object({ subject_id: z.uuid() }) }),
    handle: (ctx, { event }) => cancelOfChurned(ctx, event.subject_id),
  }),
  tenantJob({
    name: merged,
    payload: z.object({ event: z.object({ payload: z.looseObject({ mergedId: z.uuid() }) }) }),
    handle: (ctx, { event }) => cancelOfMerged(ctx, event.payload.mergedId),
  }),
]
