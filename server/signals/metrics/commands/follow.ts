import { sql } from 'kysely'
import { followSoon } from '../../../customers/accounts/commands/facts.ts'
import { type Context, enqueue, type JobRequest } from '../../../platform/context/context.ts'
import { type FactKind, factKinds } from '../../../platform/context/vocabulary.ts'
import { type Keeping, keptDays, shiftDay } from '../kept-days.ts'
import { calendarOf } from '../queries/as-of.ts'
import { metricsOf } from '../queries/definitions.ts'
import { announceFigures, computeDay, computeNow, placeMetrics, type Run } from './compute.ts'

/** Customers that one run follows; more are left to the next. */
const mostCustomers = 5_000
/** Days after which a worker that was away leaves the days in between out. */
const mostMissedDays = 60

export const rebuildJob = 'figures.rebuild'
export const computeAllJob = 'figures.compute_all'

/** Days that one job works out. */
const daysARun = 5
/** Another run works on the figures: this one comes back (ms). */
const patience = 15_000

function later(ctx: Context, job: JobRequest): void {
  enqueue(ctx, { ...job, runAt: new Date(ctx.now.getTime() + patience) })
}

/**
 * Works out anew what follows from the facts that were noted: the figures of now, and of the kept days from the first
 * one that a fact touches. One run of a company at a time.
 */
export async function followFacts(ctx: Context): Promise<void> {
  if (!(await lockFigures(ctx))) return
  const changes = await takeChanges(ctx)
  if (changes.length === 0) return
  const run = await openRun(ctx)
  const customers = changes.flatMap(change => change.customer_id ?? [])
  const count = customers.length === 0 ? 0 : await computeNow(ctx, run, customers)
  const from = await followPast(ctx, run, changes)
  const facts = [...new Set(changes.flatMap(change => change.facts))].filter(isFactKind)
  announceFigures(ctx, { customers: count, all: false, from, since: firstDayOf(changes), facts })
  // What was noted while this ran found its job taken.
  followSoon(ctx)
}

/**
 * Works out the figures of every customer: those of the days that ended since the last time, and those of now. Thins out
 * what is older than it is kept.
 */
export async function computeAll(ctx: Context): Promise<void> {
  if (!(await lockFigures(ctx))) return later(ctx, { name: computeAllJob, payload: {}, key: 'all' })
  const run = await openRun(ctx)
  const keeping = await keepingOf(ctx)
  const { rows } = await sql<{ last: string | null }>`
    select max(day)::text as last from figures_day where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const yesterday = shiftDay(run.calendar.today, -1)
  const since = rows[0]?.last ? shiftDay(rows[0].last, 1) : yesterday
  const oldest = shiftDay(run.calendar.today, -mostMissedDays)
  for (const day of keptDays(run.calendar.today, [since, oldest].sort().at(-1)!, keeping).reverse()) {
    await computeDay(ctx, run, day)
  }
  const customers = await computeNow(ctx, run)
  await thin(ctx, run.calendar.today, keeping)
  announceFigures(ctx, { customers, all: true, from: null, since: null, facts: [...factKinds] })
}

/**
 * Works out the figures of past days from the facts, from yesterday back to `oldest`, a few days a job: history for a
 * company whose facts are older than its account here.
 */
export async function rebuildDays(
  ctx: Context,
  { oldest, before }: { oldest: string; before?: string | undefined },
): Promise<void> {
  if (!(await lockFigures(ctx))) {
    return later(ctx, { name: rebuildJob, payload: { oldest, ...(before && { before }) }, key: 'rebuild' })
  }
  const run = await openRun(ctx)
  const days = keptDays(run.calendar.today, oldest, await keepingOf(ctx)).filter(day => !before || day < before)
  const [now, rest] = [days.slice(0, daysARun), days.slice(daysARun)]
  for (const day of now) await computeDay(ctx, run, day)
  if (rest.length > 0) enqueue(ctx, { name: rebuildJob, payload: { oldest, before: now.at(-1)! } })
  else announceFigures(ctx, { customers: 0, all: true, from: oldest, since: oldest, facts: [...factKinds] })
}

export async function openRun(ctx: Context): Promise<Run> {
  const metrics = await metricsOf(ctx)
  return { metrics, places: await placeMetrics(ctx, metrics), calendar: await calendarOf(ctx) }
}

interface Change {
  customer_id: string | null
  facts: string[]
  /** The first day that is touched; null: all of them. */
  from_day: string | null
}

async function takeChanges(ctx: Context): Promise<Change[]> {
  const { rows } = await sql<Change>`
    with chosen as materialized (
      select distinct customer_id from (
        select customer_id from fact_change where tenant_id = ${ctx.tenantId} order by id limit ${mostCustomers * 4}) waiting
      limit ${mostCustomers}),
    taken as (
      delete from fact_change f
      where f.tenant_id = ${ctx.tenantId} and (f.customer_id = any(array(select customer_id from chosen))
        or (f.customer_id is null and exists (select 1 from chosen where customer_id is null)))
      returning f.customer_id, f.facts, f.from_day)
    select customer_id, array_agg(distinct facts) as facts,
      nullif(min(from_day), '-infinity')::text as from_day
    from taken group by customer_id`.execute(ctx.tx)
  return rows
}

/** The first day that changes touch; of the whole past a day before everything. */
function firstDayOf(changes: Change[]): string {
  return changes.map(({ from_day }) => from_day ?? '0001-01-01').sort()[0]!
}

/**
 * The kept days that the changes touch, each for the customers whose facts reach back to it.
 * @returns the first of them
 */
async function followPast(ctx: Context, run: Run, changes: Change[]): Promise<string | null> {
  const past = changes.filter(
    ({ customer_id, from_day }) => customer_id && (!from_day || from_day < run.calendar.today),
  )
  if (past.length === 0) return null
  let from: string | null = null
  const { rows } = await sql<{ day: string }>`
    select day::text as day from figures_day where tenant_id = ${ctx.tenantId} order by day desc`.execute(ctx.tx)
  for (const { day } of rows) {
    const touched = past
      .filter(({ from_day }) => !from_day || from_day <= day)
      .flatMap(change => change.customer_id ?? [])
    if (touched.length === 0) break
    await computeDay(ctx, run, day, touched)
    from = day
  }
  return from
}

/** Works out the figures of some customers at once, for somebody who waits. */
export async function recomputeCustomers(ctx: Context, customers: readonly string[]): Promise<void> {
  if (customers.length > 0) await computeNow(ctx, await openRun(ctx), customers)
}

/** @returns false while another run goes on */
async function lockFigures(ctx: Context): Promise<boolean> {
  await sql`
    insert into figures_state (tenant_id, updated_at) values (${ctx.tenantId}, ${ctx.now}) on conflict do nothing`.execute(
    ctx.tx,
  )
  const { rows } = await sql`
    select 1 from figures_state where tenant_id = ${ctx.tenantId} for update skip locked`.execute(ctx.tx)
  return rows.length > 0
}

async function keepingOf(ctx: Context): Promise<Keeping> {
  const { rows } = await sql<Keeping>`
    select daily_days, weekly_days, monthly_days from figures_state where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!
}

/** Removes the days that are not kept any more. */
async function thin(ctx: Context, today: string, keeping: Keeping): Promise<void> {
  const { rows } = await sql<{ day: string }>`
    select day::text as day from figures_day where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const kept = new Set(keptDays(today, [today, ...rows.map(({ day }) => day)].sort()[0]!, keeping))
  const gone = rows.map(({ day }) => day).filter(day => !kept.has(day) && day < today)
  if (gone.length === 0) return
  await sql`delete from figures_daily where tenant_id = ${ctx.tenantId} and day = any(${gone}::date[])`.execute(ctx.tx)
  await sql`delete from figures_day where tenant_id = ${ctx.tenantId} and day = any(${gone}::date[])`.execute(ctx.tx)
}

function isFactKind(facts: string): facts is FactKind {
  return (factKinds as readonly string[]).includes(facts)
}
