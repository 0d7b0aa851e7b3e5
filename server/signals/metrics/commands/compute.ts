import { type RawBuilder, sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { figuresChanged } from '../events.ts'
import { type Calendar, type Customers, within } from '../queries/as-of.ts'
import type { Metrics } from '../queries/definitions.ts'
import { placesOf } from '../queries/places.ts'
import { statementOf } from '../queries/statement.ts'

/** What every computation of one run shares. */
export interface Run {
  metrics: Metrics
  places: ReadonlyMap<string, number>
  calendar: Calendar
}

/** Gives every metric a place among the figures; those that have one keep it. */
export async function placeMetrics(ctx: Context, metrics: Metrics): Promise<ReadonlyMap<string, number>> {
  const known = await placesOf(ctx)
  const missing = [...metrics.keys()].filter(key => !known.has(key))
  if (missing.length === 0) return known
  await sql`
    insert into metric_place (tenant_id, key, place)
    select ${ctx.tenantId}, line.key, line.number + ${Math.max(0, ...known.values())}::int
    from unnest(${missing}::text[]) with ordinality as line (key, number)
    on conflict do nothing`.execute(ctx.tx)
  return placesOf(ctx)
}

/** The figures of a day as rows of `customer_id` and `figures`. */
function figuresOf(
  ctx: Context,
  { metrics, places, calendar }: Run,
  day: string,
  customers?: Customers,
): RawBuilder<unknown> {
  const keys = [...metrics.keys()]
  const byPlace = new Map(keys.map(key => [places.get(key)!, key]))
  const length = Math.max(...byPlace.keys())
  // Places of metrics that were deleted stay empty.
  const figures = Array.from({ length }, (_, index) => {
    const key = byPlace.get(index + 1)
    return key === undefined ? sql`null` : sql.id('m', key)
  })
  return sql`select m.customer_id, array[${sql.join(figures)}]::float8[] as figures
    from (${statementOf(ctx, metrics, calendar, { keys, day, customers }, day < calendar.today ? places : undefined)}) m`
}

/** Works out the figures of now. @returns how many customers */
export async function computeNow(ctx: Context, run: Run, customers?: Customers): Promise<number> {
  await joinByHash(ctx.tx, customers === undefined)
  const { numAffectedRows } = await sql`
    insert into customer_figures (tenant_id, customer_id, day, figures, computed_at)
    select ${ctx.tenantId}, line.customer_id, ${run.calendar.today}::date, line.figures, ${ctx.now}
    from (${figuresOf(ctx, run, run.calendar.today, customers)}) line
    on conflict (tenant_id, customer_id) do update set day = excluded.day, figures = excluded.figures,
      computed_at = excluded.computed_at`.execute(ctx.tx)
  // One that was merged has no figures of its own any more.
  await sql`
    delete from customer_figures f where f.tenant_id = ${ctx.tenantId} and ${within(sql`f.customer_id`, customers)}
      and f.customer_id in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is not null)`.execute(
    ctx.tx,
  )
  return Number(numAffectedRows ?? 0n)
}

/**
 * Works out the figures of a past day from the facts, in place of those that were kept; what has no history stays as it
 * was known then.
 */
export async function computeDay(ctx: Context, run: Run, day: string, customers?: Customers): Promise<void> {
  await joinByHash(ctx.tx, customers === undefined)
  await sql`
    with fresh as materialized (${figuresOf(ctx, run, day, customers)}),
    gone as (
      delete from figures_daily f where f.tenant_id = ${ctx.tenantId} and f.day = ${day}::date
        and ${within(sql`f.customer_id`, customers)} and f.customer_id not in (select customer_id from fresh) returning 1)
    insert into figures_daily (tenant_id, day, customer_id, figures)
    select ${ctx.tenantId}, ${day}::date, fresh.customer_id, fresh.figures from fresh
    on conflict (tenant_id, day, customer_id) do update set figures = excluded.figures`.execute(ctx.tx)
  if (customers !== undefined) return
  await sql`
    insert into figures_day (tenant_id, day, computed_at) values (${ctx.tenantId}, ${day}::date, ${ctx.now})
    on conflict (tenant_id, day) do update set computed_at = excluded.computed_at`.execute(ctx.tx)
}

/** Tells what follows from figures. */
export function announceFigures(
  ctx: Context,
  told: { customers: number; all: boolean; from: string | null; since: string | null; facts: FactKind[] },
): void {
  announce(ctx, { type: figuresChanged, payload: { at: ctx.now.toISOString(), ...told } })
}
