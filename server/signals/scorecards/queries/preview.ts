import { sql } from 'kysely'
import { type ConditionVocabulary, vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { keptColumns, metricColumns } from '../../metrics/queries/statement.ts'
import { backtest, type Observation } from '../backtest.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardOf, cardsOf, countingCards, type StoredCard, whomOf } from './cards.ts'
import { metricKeys } from './inputs.ts'
import { scoreStatement } from './sql.ts'

/** Scores at which alarms usually go off (ALR-1, ALR-2). */
const thresholds = [80, 60, 40]
/** Days of the past for which a draft is worked out. */
const mostDays = 14

/** A definition on the customers of a scorecard, on a day. */
async function scored(
  ctx: Context,
  vocabulary: ConditionVocabulary,
  card: StoredCard,
  definition: ScorecardDefinition,
  { day, withChurned }: { day?: string; withChurned?: boolean } = {},
) {
  const keys = metricKeys(definition)
  // Metrics that were not worked out yet, as after a new one was defined, are taken from the facts.
  const columns = await (day === undefined ? metricColumns(ctx, { keys }) : keptColumns(ctx, { keys, day }))
  const whom = whomOf(ctx, vocabulary, countingCards(await cardsOf(ctx)), card)
  return scoreStatement(ctx, vocabulary, { definition, columns, whom, day: day ?? vocabulary.today, withChurned })
}

/** What a changed definition would do to the scores of today, and what it would have said of past days. */
export async function previewScorecard(ctx: Context, id: string, definition: ScorecardDefinition, history: boolean) {
  requirePermission(ctx, 'customers.read')
  const card = await cardOf(ctx, id)
  const vocabulary = await vocabularyOf(ctx)
  const falling = thresholds.map(
    below => sql`json_build_object('below', ${sql.lit(below)}, 'falling', count(*) filter (where before >= ${sql.lit(below)} and after < ${sql.lit(below)}),
      'rising', count(*) filter (where before < ${sql.lit(below)} and after >= ${sql.lit(below)}))`,
  )
  const { rows } = await sql<{ item: Omit<Preview, 'series'> }>`
    with fresh as materialized (${await scored(ctx, vocabulary, card, definition)}),
    compared as materialized (
      select fresh.customer_id as id, c.name, h.score::float8 as before, fresh.score as after, h.band as old_band, fresh.band
      from fresh join customer c on c.tenant_id = ${ctx.tenantId} and c.id = fresh.customer_id
      left join customer_health h on h.tenant_id = ${ctx.tenantId} and h.customer_id = fresh.customer_id)
    select json_build_object('customers', (select count(*) from compared),
      'moves', (select coalesce(json_agg(m), '[]') from (
        select old_band as from, band as to, count(*)::int as customers from compared
        where old_band is distinct from band group by 1, 2 order by 3 desc) m),
      'thresholds', (select json_build_array(${sql.join(falling)}) from compared),
      'meanBefore', (select avg(before) from compared), 'meanAfter', (select avg(after) from compared),
      'largest', (select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'from', l.before, 'to', l.after,
          'fromBand', l.old_band, 'toBand', l.band)), '[]') from (
        select * from compared where before is distinct from after order by abs(coalesce(after, 0) - coalesce(before, 0)) desc, name, id limit 20) l)) as item
    from (select 1) one`.execute(ctx.tx)
  return { ...rows[0]!.item, series: history ? await series(ctx, vocabulary, card, definition) : [] }
}

interface Preview {
  customers: number
  moves: { from: string | null; to: string | null; customers: number }[]
  thresholds: { below: number; falling: number; rising: number }[]
  meanBefore: number | null
  meanAfter: number | null
  largest: {
    id: string
    name: string
    from: number | null
    to: number | null
    fromBand: string | null
    toBand: string | null
  }[]
  series: { day: string; before: number | null; after: number | null }[]
}

/** Mean scores of past days: as they were, and as the definition would have said. */
async function series(
  ctx: Context,
  vocabulary: ConditionVocabulary,
  card: StoredCard,
  definition: ScorecardDefinition,
) {
  const { rows: days } = await sql<{ day: string }>`
    select day::text as day from (
      select day, row_number() over (order by day desc) as place, count(*) over () as days from figures_day
      where tenant_id = ${ctx.tenantId} and day > ${vocabulary.today}::date - 180) d
    where (place - 1) % greatest(1, days / ${mostDays}::int) = 0 order by day`.execute(ctx.tx)
  const points: Preview['series'] = []
  for (const { day } of days) {
    const { rows } = await sql<{ before: number | null; after: number | null }>`
      select (select avg(h.score)::float8 from health_daily h where h.tenant_id = ${ctx.tenantId} and h.day = ${day}::date
          and h.scorecard_id = ${card.id}) as before,
        (select avg(f.score) from (${await scored(ctx, vocabulary, card, definition, { day })}) f) as after`.execute(
      ctx.tx,
    )
    points.push({ day, ...rows[0]! })
  }
  return points
}

/**
 * Whether a score tells who leaves. By history: customers of one day a month, against those who left within the days
 * after it. By now: everybody, against who has left, for data that came without a history.
 */
export async function backtestScorecard(
  ctx: Context,
  id: string,
  {
    definition: given,
    mode,
    horizonDays,
  }: { definition?: ScorecardDefinition; mode: 'history' | 'now'; horizonDays: number },
) {
  requirePermission(ctx, 'customers.read')
  const card = await cardOf(ctx, id)
  const vocabulary = await vocabularyOf(ctx)
  const definition = (given ?? card.draft ?? card.definition)!
  if (mode === 'now') {
    const { rows } = await sql<Observation>`
      select f.score, f.band, c.status = 'CHURNED' as churned
      from (${await scored(ctx, vocabulary, card, definition, { withChurned: true })}) f
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.customer_id where f.score is not null`.execute(
      ctx.tx,
    )
    return { mode, days: [vocabulary.today], ...backtest(rows) }
  }
  const { rows: days } = await sql<{ day: string }>`
    select max(day)::text as day from figures_day
    where tenant_id = ${ctx.tenantId} and day <= ${vocabulary.today}::date - ${horizonDays}::int group by date_trunc('month', day) order by 1`.execute(
    ctx.tx,
  )
  const observations: Observation[] = []
  for (const { day } of days) {
    const { rows } = await sql<Observation>`
      select f.score, f.band, coalesce(c.churned_on > ${day}::date and c.churned_on <= ${day}::date + ${horizonDays}::int, false) as churned
      from (${await scored(ctx, vocabulary, card, definition, { day })}) f
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.customer_id where f.score is not null`.execute(
      ctx.tx,
    )
    observations.push(...rows)
  }
  return { mode, days: days.map(({ day }) => day), ...backtest(observations) }
}
