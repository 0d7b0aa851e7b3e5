import { type RawBuilder, sql } from 'kysely'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { levelOf } from '../../health/queries.ts'
import type { Customers } from '../../metrics/queries/as-of.ts'
import { within } from '../../metrics/queries/as-of.ts'
import { keptColumns, metricColumns } from '../../metrics/queries/statement.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardsOf, countingCards, whomOf } from '../queries/cards.ts'
import { metricKeys } from '../queries/inputs.ts'
import { scoreStatement } from '../queries/sql.ts'

/** Changes of so many customers are told one by one; of more, only their number. */
const mostTold = 500

export interface Recalculated {
  customers: number
  changed: number
}

/**
 * Scores customers from their figures of now: one statement a scorecard. What changed is told; the customer's health
 * follows.
 * @param customers left out: all of them
 * @param from `kept`: figures as they were last worked out; `facts`: straight from the facts, also for metrics that have
 *   no figures yet
 */
export async function recalculateHealth(
  ctx: Context,
  customers?: Customers,
  from: 'kept' | 'facts' = 'kept',
): Promise<Recalculated> {
  await joinByHash(ctx.tx, customers === undefined)
  const cards = countingCards(await cardsOf(ctx))
  const vocabulary = await vocabularyOf(ctx)
  const scored: RawBuilder<unknown>[] = []
  for (const card of cards) {
    const wanted = { keys: metricKeys(card.definition), customers }
    const columns = await (from === 'kept' ? keptColumns : metricColumns)(ctx, wanted)
    const whom = whomOf(ctx, vocabulary, cards, card)
    const statement = scoreStatement(ctx, vocabulary, {
      definition: card.definition,
      columns,
      whom,
      day: vocabulary.today,
    })
    scored.push(
      sql`select ${card.id}::uuid as scorecard_id, ${card.version}::int as version, h.* from (${statement}) h`,
    )
  }
  if (scored.length === 0) {
    // Nothing judges any more: what is left of the last judgement would pass for one of today.
    await sql`delete from customer_health h where h.tenant_id = ${ctx.tenantId} and ${within(sql`h.customer_id`, customers)}`.execute(
      ctx.tx,
    )
    return { customers: 0, changed: 0 }
  }
  const all = sql.join(scored, sql` union all `)
  const everybody = customers === undefined
  if (everybody) await gather(ctx, all)
  const { rows } = await sql<{ customers: number; changed: number; told: Told[] }>`
    with fresh as ${everybody ? sql`not materialized (select * from fresh_health)` : sql`materialized (${all})`},
    gone as (
      delete from customer_health h where h.tenant_id = ${ctx.tenantId} and ${within(sql`h.customer_id`, customers)}
        and h.customer_id not in (select customer_id from fresh) returning 1),
    differing as materialized (
      select fresh.*, h.score::float8 as before, h.band as old_band,
        h.score is distinct from fresh.score::real or h.band is distinct from fresh.band as moved
      from fresh left join customer_health h on h.tenant_id = ${ctx.tenantId} and h.customer_id = fresh.customer_id
      where h.customer_id is null or h.scorecard_id <> fresh.scorecard_id or h.version <> fresh.version
        or h.score is distinct from fresh.score::real or h.raw is distinct from fresh.raw::real
        or h.band is distinct from fresh.band or h.coverage <> fresh.coverage::real or h.scores <> fresh.scores
        or h.inputs <> fresh.inputs or h.exception is distinct from fresh.exception),
    kept as (
      insert into customer_health (tenant_id, customer_id, scorecard_id, version, score, raw, band, coverage, scores, inputs,
        exception, computed_at)
      select ${ctx.tenantId}::uuid, d.customer_id, d.scorecard_id, d.version, d.score, d.raw, d.band, d.coverage, d.scores,
        d.inputs, d.exception, ${ctx.now}::timestamptz from differing d
      on conflict (tenant_id, customer_id) do update set scorecard_id = excluded.scorecard_id, version = excluded.version,
        score = excluded.score, raw = excluded.raw, band = excluded.band, coverage = excluded.coverage, scores = excluded.scores,
        inputs = excluded.inputs, exception = excluded.exception, computed_at = excluded.computed_at
      returning 1)
    select (select count(*)::int from fresh) as customers, (select count(*)::int from differing where moved) as changed,
      (select coalesce(json_agg(t), '[]') from (
        select d.customer_id as id, d.before, d.score as after, d.old_band, d.band from differing d
        where d.before is not null and d.old_band is distinct from d.band limit ${mostTold}) t) as told
    from (select count(*) from kept) written`.execute(ctx.tx)
  const { told, ...counts } = rows[0]!
  await followScores(ctx, customers)
  if (customers === undefined) await noteComputed(ctx)
  tell(ctx, told, counts.changed)
  return counts
}

/**
 * Puts the scores of everybody aside, until the transaction ends. PostgreSQL works out on one core whatever stands in a
 * statement that also writes; what it puts into a table of its own it shares out among workers.
 */
async function gather(ctx: Context, scored: RawBuilder<unknown>): Promise<void> {
  await sql`drop table if exists pg_temp.fresh_health`.execute(ctx.tx)
  await sql`create temporary table fresh_health on commit drop as ${scored}`.execute(ctx.tx)
}

/** Everybody was looked at, whether or not something was another one. */
async function noteComputed(ctx: Context): Promise<void> {
  await sql`
    insert into health_state (tenant_id, computed_at) values (${ctx.tenantId}, ${ctx.now})
    on conflict (tenant_id) do update set computed_at = excluded.computed_at`.execute(ctx.tx)
}

/**
 * The customer's health is that of its scorecard: level as in the API of record, the trend against the
 * score of about four weeks ago, within two points steady.
 */
async function followScores(ctx: Context, customers: Customers | undefined): Promise<void> {
  await sql`
    with past as (
      select distinct on (p.customer_id) p.customer_id, p.score from health_daily p
      where p.tenant_id = ${ctx.tenantId} and ${within(sql`p.customer_id`, customers)} and p.score is not null
        and p.day between ${ctx.now}::timestamptz - interval '45 days' and ${ctx.now}::timestamptz - interval '27 days'
      order by p.customer_id, p.day desc),
    state as (
      select h.customer_id, h.score, ${levelOf(sql`h.score`)} as level,
        case when past.score is null or h.score is null then 'UNKNOWN' when abs(h.score - past.score) < 2 then 'STABLE'
          when h.score > past.score then 'IMPROVING' else 'DECLINING' end as trend, h.computed_at
      from customer_health h left join past on past.customer_id = h.customer_id
      where h.tenant_id = ${ctx.tenantId} and ${within(sql`h.customer_id`, customers)}),
    -- In the order of the keys, which is that of time: neighbours in the table and its indexes follow each other.
    differing as materialized (
      select state.* from state join customer known on known.tenant_id = ${ctx.tenantId} and known.id = state.customer_id
      where known.health_score is distinct from state.score or known.health_level is distinct from state.level
        or known.health_trend <> state.trend
      order by state.customer_id)
    update customer target set health_score = state.score, health_level = state.level, health_trend = state.trend,
      health_scored_at = state.computed_at
    from differing state where target.tenant_id = ${ctx.tenantId} and target.id = state.customer_id`.execute(ctx.tx)
}

interface Told {
  id: string
  before: number | null
  after: number | null
  old_band: string | null
  band: string | null
}

function tell(ctx: Context, told: readonly Told[], changed: number): void {
  announce(ctx, { type: 'health.recalculated', payload: { at: ctx.now.toISOString(), changed } })
  for (const { id, before, after, old_band, band } of told) {
    announce(ctx, {
      type: 'health.band_changed',
      subject: { kind: 'customer', id },
      payload: { from: old_band, to: band, before, score: after },
    })
  }
}

/**
 * Scores customers for past days, from the figures that were kept of them and by the version that counted then; in place
 * of what was there.
 * @param days YYYY-MM-DD
 */
export async function scoreDays(ctx: Context, days: readonly string[], customers?: Customers): Promise<void> {
  const vocabulary = await vocabularyOf(ctx)
  const versions = await versionsOf(ctx, vocabulary.zone)
  for (const day of days) {
    const cards = cardsOn(countingCards(await cardsOf(ctx)), versions, day)
    const scored: RawBuilder<unknown>[] = []
    for (const card of cards) {
      const columns = await keptColumns(ctx, { keys: metricKeys(card.definition), day, customers })
      const whom = whomOf(ctx, vocabulary, cards, card)
      const statement = scoreStatement(ctx, vocabulary, { definition: card.definition, columns, whom, day })
      scored.push(
        sql`select ${card.id}::uuid as scorecard_id, ${card.version}::int as version, h.* from (${statement}) h`,
      )
    }
    if (scored.length === 0) return
    await sql`
      with fresh as materialized (${sql.join(scored, sql` union all `)}),
      gone as (
        delete from health_daily h where h.tenant_id = ${ctx.tenantId} and h.day = ${day}::date and ${within(sql`h.customer_id`, customers)}
          and h.customer_id not in (select customer_id from fresh) returning 1)
      insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, raw, band, coverage, scores, inputs, exception)
      select ${ctx.tenantId}::uuid, ${day}::date, fresh.customer_id, fresh.scorecard_id, fresh.version, fresh.score, fresh.raw, fresh.band,
        fresh.coverage, fresh.scores, fresh.inputs, fresh.exception from fresh
      on conflict (tenant_id, day, customer_id) do update set scorecard_id = excluded.scorecard_id, version = excluded.version,
        score = excluded.score, raw = excluded.raw, band = excluded.band, coverage = excluded.coverage, scores = excluded.scores,
        inputs = excluded.inputs, exception = excluded.exception`.execute(ctx.tx)
  }
}

interface Version {
  scorecard_id: string
  version: number
  definition: ScorecardDefinition
  day: string
}

async function versionsOf(ctx: Context, zone: string): Promise<Version[]> {
  const { rows } = await sql<Version>`
    select v.scorecard_id, v.version, v.definition, (v.published_at at time zone ${zone})::date::text as day
    from scorecard_version v where v.tenant_id = ${ctx.tenantId} order by v.version`.execute(ctx.tx)
  return rows
}

/** Each scorecard as it counted on a day: by its last version until then, else by its first. */
function cardsOn(cards: ReturnType<typeof countingCards>, versions: readonly Version[], day: string) {
  return cards.map(card => {
    const own = versions.filter(each => each.scorecard_id === card.id)
    const counted = own.findLast(each => each.day <= day) ?? own[0]!
    return { ...card, version: counted.version, definition: counted.definition }
  })
}

/** The past days of which figures are kept: those from one on, or those that were not scored yet. */
export async function daysToScore(ctx: Context, from: string | null): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select d.day::text as day from figures_day d where d.tenant_id = ${ctx.tenantId} and ${
      from === null
        ? sql`not exists (select 1 from health_daily h where h.tenant_id = ${ctx.tenantId} and h.day = d.day)`
        : sql`d.day >= ${from}::date`
    } order by d.day desc`.execute(ctx.tx)
  return rows.map(row => row.day)
}
