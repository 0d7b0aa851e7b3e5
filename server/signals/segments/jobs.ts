import { sql } from 'kysely'
import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { factKinds } from '../../platform/context/vocabulary.ts'
import { tenantJob } from '../../platform/work/definition.ts'
import { figuresChanged, figuresChangedEvent } from '../metrics/events.ts'
import { changedCustomers } from '../metrics/queries/changed.ts'
import { refreshSegments } from './commands/refresh.ts'

const refreshAll = 'segments.refresh_all'

const followSignals = 'segments.follow_signals'
const followChurn = 'segments.follow_churn'

export const reactions = {
  [figuresChanged]: ['segments.follow'],
  'risk_signals.moved': [followSignals],
  'churn.predicted': [followChurn],
}

export const jobs = [
  tenantJob({
    name: 'segments.follow',
    payload: figuresChangedEvent,
    async handle(ctx, { event }) {
      const { at, all, facts } = event.payload
      if (all) enqueue(ctx, { name: refreshAll, payload: {}, key: 'all' })
      else await refreshSegments(ctx, { facts, all: false, customers: changedCustomers(ctx, at) })
    },
  }),
  tenantJob({
    name: followSignals,
    payload: z.object({ event: z.object({ payload: z.looseObject({ at: z.string() }) }) }),
    async handle(ctx, { event }) {
      const { at } = event.payload
      const customers = sql`select x.customer_id from customer_signal x where x.tenant_id = ${ctx.tenantId}
        and (x.since >= ${at}::timestamptz or x.ended >= ${at}::timestamptz)`
      await refreshSegments(ctx, { facts: ['customer'], all: false, customers })
    },
  }),
  tenantJob({
    name: followChurn,
    payload: z.object({ event: z.object({ payload: z.looseObject({ at: z.string() }) }) }),
    async handle(ctx, { event }) {
      const customers = sql`select p.customer_id from churn_prediction p where p.tenant_id = ${ctx.tenantId}
        and p.predicted_at >= ${event.payload.at}::timestamptz`
      await refreshSegments(ctx, { facts: ['customer'], all: false, customers })
    },
  }),
  tenantJob({
    name: refreshAll,
    payload: z.object({}),
    handle: ctx => refreshSegments(ctx, { facts: factKinds, all: true }),
    schedule: '5 * * * *',
  }),
]
