import { type RawBuilder, sql } from 'kysely'
import { wordedFacts } from '../../../catalog/conditions/queries/why.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { StoredSignal } from './signals.ts'

/** Signals that ended, as many as are told. */
const mostEnded = 30

/** Which signals a customer shows, since when and why, and which ended lately. @throws AppError `not_found` */
export async function customerSignals(ctx: Context, id: string) {
  const scope = requirePermission(ctx, 'customers.read')
  const { rows: known } = await sql`
    select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${withinReach(ctx, scope)}`.execute(
    ctx.tx,
  )
  if (known.length === 0) throw notFound()
  const { rows: open } = await sql<StoredSignal & { since: Date }>`
    select s.id, s.key, s.name_ja, s.name_en, s.level, s.condition, s.advice_ja, s.advice_en, x.since
    from customer_signal x join risk_signal s on s.tenant_id = ${ctx.tenantId} and s.id = x.signal_id
    where x.tenant_id = ${ctx.tenantId} and x.customer_id = ${id} and x.ended is null
    order by array_position(array['high', 'medium', 'low'], s.level), x.since desc, s.id`.execute(ctx.tx)
  const { rows: ended } = await sql<StoredSignal & { since: Date; ended: Date }>`
    select s.id, s.name_ja, s.name_en, s.level, x.since, x.ended
    from customer_signal x join risk_signal s on s.tenant_id = ${ctx.tenantId} and s.id = x.signal_id
    where x.tenant_id = ${ctx.tenantId} and x.customer_id = ${id} and x.ended is not null
    order by x.ended desc, s.id limit ${mostEnded}`.execute(ctx.tx)
  const conditions = open.map(({ condition }) => condition)
  const facts = (await wordedFacts(ctx, conditions, [id])).get(id)
  return {
    items: open.map((signal, place) => ({
      ...named(signal),
      key: signal.key,
      adviceJa: signal.advice_ja,
      adviceEn: signal.advice_en,
      facts: facts?.[place] ?? [],
    })),
    ended: ended.map(signal => ({ ...named(signal), ended: signal.ended.toISOString() })),
  }
}

function named({ id, name_ja, name_en, level, since }: StoredSignal & { since: Date }) {
  return { id, nameJa: name_ja, nameEn: name_en, level, since: since.toISOString() }
}

/** An expression of the names of the high signals that a customer shows, the latest first: an array of words, or null. */
export function highSignalNames(ctx: Context, customer: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select json_agg(json_build_object('ja', s.name_ja, 'en', s.name_en) order by x.since desc, s.id)
    from customer_signal x join risk_signal s on s.tenant_id = ${ctx.tenantId} and s.id = x.signal_id and s.level = 'high'
    where x.tenant_id = ${ctx.tenantId} and x.customer_id = ${customer} and x.ended is null)`
}
