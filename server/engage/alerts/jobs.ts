import { sql } from 'kysely'
import { z } from 'zod'
import { factKinds } from '../../platform/context/vocabulary.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { churnPredicted } from '../../signals/churn/events.ts'
import { figuresChanged, figuresChangedEvent } from '../../signals/metrics/events.ts'
import { changedCustomers } from '../../signals/metrics/queries/changed.ts'
import { evaluateRules, followEvent } from './commands/evaluate.ts'
import { alertEvents } from './contract/rules.ts'

const followFigures = 'alerts.follow_figures'
const followHealth = 'alerts.follow_health'
const followSegment = 'alerts.follow_segment'
const followSignals = 'alerts.follow_signals'
const followChurn = 'alerts.follow_churn'
const followHappening = 'alerts.follow_event'

export const reactions = {
  [figuresChanged]: [followFigures],
  'health.recalculated': [followHealth],
  'health.scored': [followHealth],
  'segment.moved': [followSegment],
  'risk_signals.moved': [followSignals],
  [churnPredicted]: [followChurn],
  ...Object.fromEntries(alertEvents.map(type => [type, [followHappening]])),
}

export const jobs = [
  tenantJob({
    name: 'alerts.evaluate',
    payload: z.object({}),
    async handle(ctx) {
      await evaluateRules(ctx)
    },
    // Days pass, snoozes end, and nothing may have been missed.
    schedule: '17 * * * *',
  }),
  tenantJob({
    name: followFigures,
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { all, at, facts } = event.payload
      if (all) await evaluateRules(ctx)
      else await evaluateRules(ctx, { facts, customers: changedCustomers(ctx, at) })
    },
  }),
  tenantJob({
    name: followHealth,
    payload: z.object({
      event: z.object({ subject_id: z.uuid().nullable(), payload: z.looseObject({ at: z.string().optional() }) }),
    }),
    async handle(ctx, { event }) {
      const customers =
        event.payload.at === undefined
          ? sql`select ${event.subject_id}::uuid`
          : sql`select h.customer_id from customer_health h where h.tenant_id = ${ctx.tenantId} and h.computed_at >= ${event.payload.at}::timestamptz`
      await evaluateRules(ctx, { facts: ['health'], customers })
    },
  }),
  tenantJob({
    name: followSegment,
    payload: z.object({ event: z.object({ subject_id: z.uuid(), payload: z.looseObject({ at: z.string() }) }) }),
    async handle(ctx, { event }) {
      const customers = sql`select m.record_id from segment_move m
        where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${event.subject_id} and m.at >= ${event.payload.at}::timestamptz`
      // Which facts a segment follows is its own affair: a rule that names one may depend on any.
      await evaluateRules(ctx, { facts: [...factKinds], customers })
    },
  }),
  tenantJob({
    name: followSignals,
    payload: z.object({ event: z.object({ payload: z.looseObject({ at: z.string() }) }) }),
    async handle(ctx, { event }) {
      const { at } = event.payload
      const customers = sql`select x.customer_id from customer_signal x where x.tenant_id = ${ctx.tenantId}
        and (x.since >= ${at}::timestamptz or x.ended >= ${at}::timestamptz)`
      await evaluateRules(ctx, { facts: ['customer'], customers })
    },
  }),
  tenantJob({
    name: followChurn,
    payload: z.object({ event: z.object({ payload: z.looseObject({ at: z.string() }) }) }),
    async handle(ctx, { event }) {
      const customers = sql`select p.customer_id from churn_prediction p where p.tenant_id = ${ctx.tenantId}
        and p.predicted_at >= ${event.payload.at}::timestamptz`
      await evaluateRules(ctx, { facts: ['customer'], customers })
    },
  }),
  tenantJob({
    name: followHappening,
    payload: z.object({
      event: z.object({ type: z.string(), subject_id: z.uuid(), payload: z.record(z.string(), z.unknown()) }),
    }),
    async handle(ctx, { event: { type, subject_id: customerId, payload } }) {
      await followEvent(ctx, { type, customerId, payload })
    },
  }),
]
