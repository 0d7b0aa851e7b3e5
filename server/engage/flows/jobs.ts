import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { type Context, enqueue } from '../../platform/context/context.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { churnPredicted } from '../../signals/churn/events.ts'
import { lifecycleMoved } from '../../signals/lifecycle/events.ts'
import { figuresChanged, figuresChangedEvent } from '../../signals/metrics/events.ts'
import { changedCustomers } from '../../signals/metrics/queries/changed.ts'
import { runJob } from './commands/enrol.ts'
import { type Changed, followHappening, followSchedules, followTriggers, wakeWaiting } from './commands/follow.ts'
import { endEnrolments, followGoals } from './commands/leave.ts'
import { runDue } from './commands/run.ts'
import { flowHappenings } from './contract/triggers.ts'

const followFigures = 'flows.follow_figures'
const followScores = 'flows.follow_scores'
const followHealth = 'flows.follow_health'
const followSegment = 'flows.follow_segment'
const followAlerts = 'flows.follow_alerts'
const followStages = 'flows.follow_stages'
const followEvent = 'flows.follow_event'
const endMerged = 'flows.end_merged'

/** Refusals, suppressions and contacts are kept so long (days); caps look back a year at most. */
const keptDays = 400

export const reactions = {
  [figuresChanged]: [followFigures],
  'health.recalculated': [followHealth],
  'health.scored': [followHealth],
  'lead.scored': [followScores],
  [churnPredicted]: [followHealth],
  'segment.moved': [followSegment],
  'alert.changed': [followAlerts],
  [lifecycleMoved]: [followStages],
  'customer.merged': [endMerged],
  ...Object.fromEntries(flowHappenings.map(type => [type, [followEvent]])),
}

/** Triggers, then those who wait for a condition. */
async function follow(ctx: Context, changed: Changed): Promise<void> {
  await followTriggers(ctx, changed)
  await wake(ctx, changed.customers)
}

async function wake(ctx: Context, customers?: RawBuilder<unknown>): Promise<void> {
  if (await wakeWaiting(ctx, customers)) enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
}

export const jobs = [
  tenantJob({
    name: runJob,
    payload: z.object({}),
    async handle(ctx) {
      await followSchedules(ctx)
      await runDue(ctx)
    },
    schedule: '* * * * *',
  }),
  tenantJob({
    name: 'flows.follow',
    payload: z.object({}),
    async handle(ctx) {
      await followTriggers(ctx)
      await followGoals(ctx)
      enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
    },
    // Days pass, and nothing may have been missed.
    schedule: '41 * * * *',
  }),
  tenantJob({
    name: followFigures,
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { all, at, facts } = event.payload
      // Facts of leads concern no customer.
      const customers = all || facts.includes('contacts') ? undefined : changedCustomers(ctx, at)
      await follow(ctx, { ...(all ? {} : { facts }), ...(customers && { customers }) })
    },
  }),
  tenantJob({
    name: followHealth,
    payload: z.object({}),
    handle: ctx => follow(ctx, { facts: ['health', 'customer'] }),
  }),
  tenantJob({
    name: followScores,
    payload: z.object({}),
    handle: ctx => follow(ctx, { facts: ['contacts'] }),
  }),
  tenantJob({
    name: followSegment,
    payload: z.object({}),
    handle: ctx => follow(ctx, { kinds: ['segment', 'condition'] }),
  }),
  tenantJob({
    name: followAlerts,
    payload: z.object({}),
    handle: async ctx => {
      await followTriggers(ctx, { kinds: ['alert'] })
    },
  }),
  tenantJob({
    name: followStages,
    payload: z.object({}),
    handle: ctx => follow(ctx, { kinds: ['stage', 'condition'] }),
  }),
  tenantJob({
    name: endMerged,
    payload: z.object({ event: z.object({ payload: z.looseObject({ mergedId: z.uuid() }) }) }),
    async handle(ctx, { event }) {
      // What moved goes on with the kept one; the rest stands beside an enrolment of its own there.
      await endEnrolments(
        ctx,
        sql`e.subject_id = ${event.payload.mergedId}::uuid and exists (select 1 from customer c
          where c.tenant_id = ${ctx.tenantId} and c.id = e.subject_id and c.merged_into is not null)`,
        'subject_gone',
      )
    },
  }),
  tenantJob({
    name: followEvent,
    payload: z.object({
      event: z.object({
        id: z.uuid(),
        type: z.string(),
        subject_kind: z.enum(['customer', 'contact']),
        subject_id: z.uuid(),
      }),
    }),
    async handle(ctx, { event }) {
      await followHappening(ctx, {
        id: event.id,
        type: event.type,
        subject: { kind: event.subject_kind, id: event.subject_id },
      })
    },
  }),
  tenantJob({
    name: 'flows.forget',
    payload: z.object({}),
    async handle(ctx) {
      const horizon = new Date(ctx.now.getTime() - keptDays * 86_400_000)
      for (const table of ['flow_refusal', 'flow_contact', 'flow_suppression'] as const) {
        await sql`delete from ${sql.table(table)} where tenant_id = ${ctx.tenantId} and at < ${horizon}`.execute(ctx.tx)
      }
    },
    schedule: '50 3 * * *',
  }),
]
