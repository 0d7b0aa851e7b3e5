import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { lookedAfterBy, withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import { metricsOf } from '../../metrics/queries/definitions.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { causesOfMove } from './breakdown.ts'
import { cardsOf, countingCards } from './cards.ts'

interface Whose {
  ownerId?: string
  mine?: 'own' | 'team'
}

/** A condition on the customer `c`: who is asked about, of those that the actor may see. */
function whose(ctx: Context, { ownerId, mine }: Whose): RawBuilder<unknown> {
  const parts = [
    sql`c.merged_into is null`,
    sql`c.status <> 'CHURNED'`,
    withinReach(ctx, requirePermission(ctx, 'customers.read')),
  ]
  if (ownerId) parts.push(sql`c.owner_id = ${ownerId}::uuid`)
  if (mine) parts.push(lookedAfterBy(ctx, mine))
  return sql.join(parts, sql` and `)
}

/** Bands of all scorecards that count, with their colour: rows to join by scorecard and band. */
async function bandsOf(ctx: Context) {
  const cards = countingCards(await cardsOf(ctx))
  const lines = cards.flatMap(card =>
    card.definition.bands.map(({ key, nameJa, nameEn, colour, from }) => ({
      card: card.id,
      key,
      nameJa,
      nameEn,
      colour,
      from,
    })),
  )
  return sql`jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as b (card uuid, key text, "nameJa" text, "nameEn" text, colour text, "from" int)`
}

const colours = sql`json_build_object('green', count(*) filter (where x.colour = 'green'), 'yellow', count(*) filter (where x.colour = 'yellow'),
  'orange', count(*) filter (where x.colour = 'orange'), 'red', count(*) filter (where x.colour = 'red'))`

/** Health of the portfolio: how it is spread, how it went in 90 days, by tier, segment and CSM. */
export async function healthOverview(ctx: Context, filter: Whose): Promise<JsonText> {
  const bands = await bandsOf(ctx)
  const group = (column: RawBuilder<unknown>, name: RawBuilder<unknown>) => sql`(
    select coalesce(json_agg(json_build_object('key', g.key, 'name', ${name}, 'customers', g.customers, 'mean', g.mean, 'colours', g.colours)
      order by g.customers desc, g.key), '[]') from (
      select ${column} as key, count(*)::int as customers, avg(x.score) as mean, ${colours} as colours from own x group by 1 limit 100) g)`
  const { rows } = await sql<{ item: string }>`
    with bands as materialized (select * from ${bands}),
    own as materialized (
      select c.id, c.tier_key, c.segment, c.owner_id, c.arr, c.currency, h.score, h.band, h.coverage, h.computed_at, bands.colour, bands."nameJa", bands."nameEn", bands."from"
      from customer c left join customer_health h on h.tenant_id = ${ctx.tenantId} and h.customer_id = c.id
      left join bands on bands.card = h.scorecard_id and bands.key = h.band
      where c.tenant_id = ${ctx.tenantId} and ${whose(ctx, filter)})
    select json_build_object('customers', (select count(*) from own), 'scored', (select count(score) from own),
      'mean', (select avg(score) from own), 'coverage', (select avg(coverage) from own), 'computedAt', (select greatest(max(own.computed_at), (select a.computed_at from health_state a where a.tenant_id = ${ctx.tenantId})) from own),
      'bands', (select coalesce(json_agg(json_build_object('band', g.band, 'nameJa', g."nameJa", 'nameEn', g."nameEn", 'colour', g.colour,
          'customers', g.customers, 'arr', g.arr) order by g."from" desc), '[]') from (
        select s.band, s."nameJa", s."nameEn", s.colour, max(s."from") as "from", sum(s.customers)::int as customers,
          json_agg(json_build_object('currency', s.currency, 'amount', s.arr) order by s.arr desc) filter (where s.arr > 0) as arr
        from (select band, "nameJa", "nameEn", colour, currency, max("from") as "from", count(*)::int as customers,
            coalesce(sum(arr), 0)::float8 as arr from own where band is not null group by 1, 2, 3, 4, 5) s
        group by 1, 2, 3, 4) g),
      'trend', (select coalesce(json_agg(json_build_object('day', g.day, 'mean', g.mean, 'customers', g.customers, 'colours', g.colours) order by g.day), '[]') from (
        select to_char(x.day, 'YYYY-MM-DD') as day, avg(x.score) as mean, count(x.score)::int as customers, ${colours} as colours
        from (select d.day, d.score, bands.colour from health_daily d join customer c on c.tenant_id = ${ctx.tenantId} and c.id = d.customer_id
          left join bands on bands.card = d.scorecard_id and bands.key = d.band
          where d.tenant_id = ${ctx.tenantId} and d.day > ${ctx.now}::timestamptz - interval '91 days' and ${reached(ctx, filter)}) x group by x.day) g),
      'byTier', ${group(sql`x.tier_key`, sql`null::text`)}, 'bySegment', ${group(sql`x.segment`, sql`g.key`)}, 'byOwner', ${group(sql`x.owner_id`, memberName(ctx, sql`g.key`))},
      'markers', (select coalesce(json_agg(json_build_object('day', to_char(v.published_at at time zone t.time_zone, 'YYYY-MM-DD'), 'nameJa', s.name_ja, 'nameEn', s.name_en,
          'version', v.version) order by v.published_at), '[]')
        from scorecard_version v join scorecard s on s.tenant_id = ${ctx.tenantId} and s.id = v.scorecard_id join tenant t on t.id = ${ctx.tenantId}
        where v.tenant_id = ${ctx.tenantId} and v.published_at > ${ctx.now}::timestamptz - interval '90 days'))::text as item`.execute(
    ctx.tx,
  )
  return new JsonText(rows[0]!.item)
}

/** The same customers in the past, those who have left since included. */
function reached(ctx: Context, { ownerId, mine }: Whose): RawBuilder<unknown> {
  const parts = [sql`c.merged_into is null`, withinReach(ctx, requirePermission(ctx, 'customers.read'))]
  if (ownerId) parts.push(sql`c.owner_id = ${ownerId}::uuid`)
  if (mine) parts.push(lookedAfterBy(ctx, mine))
  return sql.join(parts, sql` and `)
}

interface Mover {
  id: string
  name: string
  owner_name: string | null
  arr: number
  currency: string
  score: number
  before: number
  change: number
  definition: ScorecardDefinition
  scores: (number | null)[]
  inputs: (number | null)[]
  old_scores: (number | null)[]
  old_inputs: (number | null)[]
}

interface MoverList {
  days: number
  direction: 'down' | 'up'
  mine?: 'own' | 'team'
  limit: number
  cursor?: string
}

/** Customers whose score moved most, with the causes in words. Of another version of the scorecard nothing is said. */
export async function healthMovers(ctx: Context, { days, direction, mine, limit, cursor }: MoverList) {
  const after = readCursor(cursor, 2)
  const sign = direction === 'down' ? sql`(moved.before - moved.score)` : sql`(moved.score - moved.before)`
  const { rows } = await sql<Mover>`
    with moved as (
      select c.id, c.name, ${memberName(ctx, sql`c.owner_id`)} as owner_name, c.arr::float8 as arr, c.currency, h.score::float8 as score,
        past.score::float8 as before, (h.score - past.score)::float8 as change, v.definition, h.scores, h.inputs,
        past.scores as old_scores, past.inputs as old_inputs
      from customer_health h
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = h.customer_id
      join scorecard_version v on v.tenant_id = ${ctx.tenantId} and v.scorecard_id = h.scorecard_id and v.version = h.version
      join health_daily past on past.tenant_id = ${ctx.tenantId} and past.customer_id = h.customer_id and past.scorecard_id = h.scorecard_id
        and past.version = h.version and past.day = (select max(d.day) from figures_day d where d.tenant_id = ${ctx.tenantId}
          and d.day <= (${ctx.now}::timestamptz - make_interval(days => ${days}::int)))
      where h.tenant_id = ${ctx.tenantId} and ${whose(ctx, { mine })})
    select * from moved where ${sign} >= 1 and ${after ? sql`(${sign}, moved.id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`}
    order by ${sign} desc, moved.id desc limit ${limit + 1}`.execute(ctx.tx)
  const metrics = await metricsOf(ctx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    items: shown.map(({ definition, scores, inputs, old_scores, old_inputs, owner_name: ownerName, ...row }) => ({
      ...row,
      ownerName,
      causes: causesOfMove(definition, metrics, { scores: old_scores, inputs: old_inputs }, { scores, inputs })
        .filter(cause => cause.change < 0 === (direction === 'down'))
        .slice(0, 3),
    })),
    next: last ? cursorOf([Math.abs(last.change), last.id]) : null,
  }
}
