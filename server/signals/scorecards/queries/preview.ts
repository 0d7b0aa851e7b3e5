import { type RawBuilder, sql } from 'kysely'
import { type ConditionVocabulary, vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import { keptColumns, metricColumns } from '../../metrics/queries/statement.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardOf, cardsOf, countingCards, type StoredCard, whomOf } from './cards.ts'
import { metricKeys } from './inputs.ts'
import { scoreStatement } from './sql.ts'

/** Scores at which alarms usually go off (ALR-1, ALR-2). */
const thresholds = [80, 60, 40]
/** Days of the past for which a draft is worked out. */
const mostDays = 14

/** A definition on the customers of a scorecard, on a day. */
export async function scored(
  ctx: Context,
  vocabulary: ConditionVocabulary,
  card: StoredCard,
  definition: ScorecardDefinition,
  { day, withChurned }: { day?: string | undefined; withChurned?: boolean } = {},
) {
  const keys = metricKeys(definition)
  // Metrics that were not worked out yet, as after a new one was defined, are taken from the facts.
  const columns = await (day === undefined ? metricColumns(ctx, { keys }) : keptColumns(ctx, { keys, day }))
  const whom = whomOf(ctx, vocabulary, countingCards(await cardsOf(ctx)), card)
  return scoreStatement(ctx, vocabulary, { definition, columns, whom, day: day ?? vocabulary.today, withChurned })
}

/** The kept day until the one asked for; undefined for today. */
async function keptDay(ctx: Context, today: string, day: string | undefined): Promise<string | undefined> {
  if (day === undefined || day >= today) return undefined
  const { rows } = await sql<{ day: string | null }>`
    select max(d.day)::text as day from figures_day d where d.tenant_id = ${ctx.tenantId} and d.day <= ${day}::date`.execute(
    ctx.tx,
  )
  return rows[0]?.day ?? day
}

interface Draft {
  definition: ScorecardDefinition
  day?: string | undefined
}

/** The scores that stand, beside those that a definition would give: rows of `id, name, before, after, old_band, band`. */
async function compared(
  ctx: Context,
  vocabulary: ConditionVocabulary,
  card: StoredCard,
  definition: ScorecardDefinition,
  day: string | undefined,
): Promise<RawBuilder<unknown>> {
  const standing =
    day === undefined
      ? sql`customer_health h on h.tenant_id = ${ctx.tenantId} and h.customer_id = fresh.customer_id`
      : sql`health_daily h on h.tenant_id = ${ctx.tenantId} and h.customer_id = fresh.customer_id and h.day = ${day}::date`
  return sql`
    select fresh.customer_id as id, c.name, round(h.score::numeric, 1)::float8 as before, fresh.score as after,
      h.band as old_band, fresh.band
    from (${await scored(ctx, vocabulary, card, definition, { day })}) fresh
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = fresh.customer_id
    left join ${standing}
    where ${withinReach(ctx, requirePermission(ctx, 'customers.read'))}`
}

/** What a changed definition would do to the scores of a day, and what it would have said of past days. */
export async function previewScorecard(
  ctx: Context,
  id: string,
  { definition, day: wanted, history }: Draft & { history: boolean },
) {
  requirePermission(ctx, 'customers.read')
  const card = await cardOf(ctx, id)
  const vocabulary = await vocabularyOf(ctx)
  const day = await keptDay(ctx, vocabulary.today, wanted)
  const falling = thresholds.map(
    below => sql`json_build_object('below', ${sql.lit(below)}, 'falling', count(*) filter (where before >= ${sql.lit(below)} and after < ${sql.lit(below)}),
      'rising', count(*) filter (where before < ${sql.lit(below)} and after >= ${sql.lit(below)}))`,
  )
  const { rows } = await sql<{ item: Omit<Preview, 'series' | 'moves' | 'day'> }>`
    with compared as materialized (${await compared(ctx, vocabulary, card, definition, day)})
    select json_build_object('customers', (select count(*) from compared),
      'matrix', (select coalesce(json_agg(m), '[]') from (
        select old_band as from, band as to, count(*)::int as customers from compared group by 1, 2 order by 3 desc) m),
      'thresholds', (select json_build_array(${sql.join(falling)}) from compared),
      'meanBefore', (select avg(before) from compared), 'meanAfter', (select avg(after) from compared),
      'largest', (select coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'from', l.before, 'to', l.after,
          'fromBand', l.old_band, 'toBand', l.band)), '[]') from (
        select * from compared where before is distinct from after order by abs(coalesce(after, 0) - coalesce(before, 0)) desc, name, id limit 20) l)) as item
    from (select 1) one`.execute(ctx.tx)
  const { matrix, ...rest } = rows[0]!.item
  return {
    ...rest,
    matrix,
    moves: matrix.filter(({ from, to }) => from !== to),
    day: day ?? vocabulary.today,
    series: history ? await series(ctx, vocabulary, card, definition) : [],
  }
}

interface Move {
  from: string | null
  to: string | null
  customers: number
}

interface Change {
  id: string
  name: string
  from: number | null
  to: number | null
  fromBand: string | null
  toBand: string | null
}

interface Preview {
  day: string
  customers: number
  moves: Move[]
  matrix: Move[]
  thresholds: { below: number; falling: number; rising: number }[]
  meanBefore: number | null
  meanAfter: number | null
  largest: Change[]
  series: {
    day: string
    before: number | null
    after: number | null
    coloursBefore: Record<string, number>
    coloursAfter: Record<string, number>
  }[]
}

/** The customers behind a preview: whose score would change, or who would go from one band to another. */
export async function previewCustomers(
  ctx: Context,
  id: string,
  { definition, day: wanted, from, to }: Draft & { from?: string | null | undefined; to?: string | null | undefined },
  { limit, cursor }: { limit: number; cursor?: string },
) {
  requirePermission(ctx, 'customers.read')
  const card = await cardOf(ctx, id)
  const vocabulary = await vocabularyOf(ctx)
  const day = await keptDay(ctx, vocabulary.today, wanted)
  const after = readCursor(cursor, 2)
  const asked = [
    from === undefined && to === undefined ? sql`p.before is distinct from p.after` : sql`true`,
    from === undefined ? sql`true` : sql`p.old_band is not distinct from ${from}::text`,
    to === undefined ? sql`true` : sql`p.band is not distinct from ${to}::text`,
    after ? sql`(p.size, p.id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`,
  ]
  const { rows } = await sql<Change & { size: number }>`
    select p.id, p.name, p.before as "from", p.after as "to", p.old_band as "fromBand", p.band as "toBand", p.size
    from (select w.*, abs(coalesce(w.after, 0) - coalesce(w.before, 0)) as size
      from (${await compared(ctx, vocabulary, card, definition, day)}) w) p
    where ${sql.join(asked, sql` and `)} order by p.size desc, p.id desc limit ${limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    items: shown.map(({ size: _, ...row }) => row),
    next: last ? cursorOf([last.size, last.id]) : null,
  }
}

/** How many of rows `x` with a band are of each colour, by a definition's bands. */
function coloursOf(bands: ScorecardDefinition['bands']): RawBuilder<unknown> {
  const parts = (['green', 'yellow', 'orange', 'red'] as const).map(colour => {
    const keys = bands.filter(band => band.colour === colour).map(band => band.key)
    return sql`${sql.lit(colour)}, count(*) filter (where x.band = any(${keys}::text[]))`
  })
  return sql`json_build_object(${sql.join(parts)})`
}

/** Past days: mean score and customers by colour, as they were and as the definition would have said. */
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
  const standing = card.definition?.bands ?? definition.bands
  for (const { day } of days) {
    const { rows } = await sql<Omit<Preview['series'][number], 'day'>>`
      select was.mean as before, was.colours as "coloursBefore", would.mean as after, would.colours as "coloursAfter"
      from (select avg(x.score)::float8 as mean, ${coloursOf(standing)} as colours from health_daily x
          where x.tenant_id = ${ctx.tenantId} and x.day = ${day}::date and x.scorecard_id = ${card.id}) was,
        (select avg(x.score) as mean, ${coloursOf(definition.bands)} as colours
          from (${await scored(ctx, vocabulary, card, definition, { day })}) x) would`.execute(ctx.tx)
    points.push({ day, ...rows[0]! })
  }
  return points
}
