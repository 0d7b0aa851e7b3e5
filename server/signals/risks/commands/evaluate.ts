import { type RawBuilder, sql } from 'kysely'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { type FactKind, factKinds } from '../../../platform/context/vocabulary.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { signalsMoved } from '../events.ts'
import { type StoredSignal, signalsOf } from '../queries/signals.ts'

/** Events of longer ago are not looked for. */
const memory = 400

export interface SignalChange {
  facts: readonly FactKind[]
  /** A statement of the customers whose facts changed; left out: everybody is looked at. */
  customers?: RawBuilder<unknown>
}

/** Everything is looked at. */
export const everything: SignalChange = { facts: factKinds }

/**
 * Looks anew which customers show which signals. A signal whose condition cannot be read any more keeps what it has and
 * says why.
 */
export async function evaluateSignals(ctx: Context, { facts, customers }: SignalChange): Promise<void> {
  const touched = (await signalsOf(ctx)).filter(signal => signal.facts.some(kind => facts.includes(kind)))
  await evaluateNow(ctx, touched, customers)
}

/** Looks at these signals, as far as they are enabled. @param only a statement of the customers; left out: all */
export async function evaluateNow(
  ctx: Context,
  signals: readonly StoredSignal[],
  only?: RawBuilder<unknown>,
): Promise<void> {
  const enabled = signals.filter(({ state }) => state === 'enabled')
  if (!only) {
    await joinByHash(ctx.tx, true)
    await noteJudged(ctx, enabled)
  }
  let moved = 0
  for (const signal of enabled) moved += await evaluateSignal(ctx, signal, only)
  if (!only) await joinByHash(ctx.tx, false)
  tell(ctx, moved)
}

/** Ends a signal at every customer. */
export async function endSignal(ctx: Context, id: string): Promise<void> {
  const { numAffectedRows } = await sql`
    update customer_signal set ended = ${ctx.now} where tenant_id = ${ctx.tenantId} and signal_id = ${id} and ended is null`.execute(
    ctx.tx,
  )
  tell(ctx, Number(numAffectedRows))
}

function tell(ctx: Context, moved: number): void {
  if (moved > 0) announce(ctx, { type: signalsMoved, payload: { moved, at: ctx.now.toISOString() } })
}

/** Notes of signals whether the company ever had an event that they name: else everybody would be without it. */
async function noteJudged(ctx: Context, signals: StoredSignal[]): Promise<void> {
  const named = [...new Set(signals.flatMap(({ events }) => events))]
  if (named.length === 0) return
  const { rows } = await sql<{ feature: string }>`
    select u.feature from usage_daily u where u.tenant_id = ${ctx.tenantId} and u.feature = any(${named}::text[])
      and u.day > ${today(ctx)} - ${memory}::int and u.customer_id is not null group by u.feature`.execute(ctx.tx)
  const known = new Set(rows.map(({ feature }) => feature))
  for (const signal of signals)
    signal.judged = signal.events.length === 0 || signal.events.some(name => known.has(name))
  await sql`
    update risk_signal s set judged = line.judged from jsonb_to_recordset(${JSON.stringify(signals)}::jsonb) as line (id uuid, judged boolean)
    where s.tenant_id = ${ctx.tenantId} and s.id = line.id and s.judged <> line.judged`.execute(ctx.tx)
}

/** @returns at how many customers it came or ended */
async function evaluateSignal(ctx: Context, signal: StoredSignal, only?: RawBuilder<unknown>): Promise<number> {
  const keep = only ? sql`and c.id in (${only})` : sql``
  try {
    const { joins, where } = await compileCondition(ctx, 'customer', signal.condition, only)
    const { rows } = await sql<{ moved: number }>`
      with matching as materialized (
        select c.id from customer c ${joins}
        where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED' and ${signal.judged}::boolean
          ${keep} and ${where}),
      gone as (
        update customer_signal x set ended = ${ctx.now}
        where x.tenant_id = ${ctx.tenantId} and x.signal_id = ${signal.id} and x.ended is null
          ${only ? sql`and x.customer_id in (${only})` : sql``}
          and not exists (select 1 from matching where matching.id = x.customer_id) returning x.customer_id),
      come as (
        insert into customer_signal (tenant_id, signal_id, customer_id, since)
        select ${ctx.tenantId}::uuid, ${signal.id}::uuid, matching.id, ${ctx.now}::timestamptz from matching
        where not exists (select 1 from customer_signal known where known.tenant_id = ${ctx.tenantId}
          and known.signal_id = ${signal.id} and known.customer_id = matching.id and known.ended is null)
        on conflict do nothing returning customer_id)
      select ((select count(*) from gone) + (select count(*) from come))::int as moved`.execute(ctx.tx)
    await noteEvaluation(ctx, signal.id, null)
    return rows[0]!.moved
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await noteEvaluation(ctx, signal.id, error.words[ctx.locale])
    return 0
  }
}

async function noteEvaluation(ctx: Context, id: string, fault: string | null): Promise<void> {
  await sql`
    update risk_signal set evaluated_at = ${ctx.now}, fault = ${fault} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
}
