import { type RawBuilder, sql } from 'kysely'
import type { TierModel } from '../../../customers/accounts/contract/tiers.ts'
import { tierModelOf } from '../../../customers/accounts/queries/tier-model.ts'
import { alertMoves } from '../../../engage/alerts/queries/moves.ts'
import { radiusOf } from '../../../engage/flows/commands/radius.ts'
import { publishedSince } from '../../../engage/flows/queries/stored.ts'
import type { Context } from '../../../platform/context/context.ts'
import { inTrial } from '../../../platform/tenancy/trial.ts'
import type { BlastRadius } from '../contract/blueprints.ts'

/** How a company was before. */
export interface Before {
  /** Every customer's colour and score, as JSON: `{id: [colour, score]}`. */
  health: string
  tiers: TierModel
}

/** Customers that moved furthest that are named. */
const mostNamed = 20

/** The colour that a score has by the band of its scorecard's version. */
function colours(ctx: Context): RawBuilder<unknown> {
  return sql`select h.customer_id, h.score, b.colour from customer_health h left join (
      select v.scorecard_id, v.version, band ->> 'key' as key, band ->> 'colour' as colour
      from scorecard_version v, jsonb_array_elements(v.definition -> 'bands') band where v.tenant_id = ${ctx.tenantId}) b
    on b.scorecard_id = h.scorecard_id and b.version = h.version and b.key = h.band
    where h.tenant_id = ${ctx.tenantId}`
}

/** Notes how every customer is, to be compared with later in the same transaction. */
export async function noteBefore(ctx: Context): Promise<Before> {
  const { rows } = await sql<{ noted: string | null }>`
    select jsonb_object_agg(c.customer_id, jsonb_build_array(c.colour, c.score))::text as noted from (${colours(ctx)}) c`.execute(
    ctx.tx,
  )
  return { health: rows[0]!.noted ?? '{}', tiers: await tierModelOf(ctx) }
}

/**
 * What this transaction did to the company's customers: what it wrote carries its moment (`ctx.now`), so that it is read
 * from the histories that are kept anyway. Health is compared with what was noted before.
 */
export async function radiusSince(ctx: Context, before: Before): Promise<BlastRadius> {
  return {
    health: await healthMoves(ctx, before.health),
    tiers: await tierMoves(ctx, before.tiers),
    segments: await segmentMoves(ctx),
    alerts: await alertMoves(ctx),
    leads: await leadMoves(ctx),
    stages: await stageMoves(ctx),
    flows: await flowStarts(ctx),
  }
}

/** For whom the triggers of the flows hold that this transaction published. */
async function flowStarts(ctx: Context): Promise<BlastRadius['flows']> {
  const starts: BlastRadius['flows'] = []
  for (const { id, key, nameJa, nameEn, published } of await publishedSince(ctx)) {
    // Its patience is its own: what comes after it may take longer.
    const { matching, perDay, atLeast, samples } = await inTrial(ctx, trial => radiusOf(trial, published, id))
    const { subject } = published
    starts.push({ key, name: { ja: nameJa, en: nameEn }, subject, matching, perDay, atLeast, samples })
  }
  return starts
}

async function healthMoves(ctx: Context, noted: string): Promise<BlastRadius['health']> {
  const { rows } = await sql<BlastRadius['health']>`
    with old as (select key::uuid as id, value ->> 0 as colour, (value ->> 1)::float8 as score from jsonb_each(${noted}::jsonb)),
    fresh as (select customer_id as id, colour, score::float8 as score from (${colours(ctx)}) c),
    pair as materialized (
      select id, coalesce(old.colour, 'none') as from_colour, coalesce(fresh.colour, 'none') as to_colour, old.score as before,
        fresh.score as after
      from old full join fresh using (id)),
    largest as (
      select b.*, c.name from pair b join customer c on c.tenant_id = ${ctx.tenantId} and c.id = b.id
      where b.from_colour <> b.to_colour or abs(coalesce(b.after, 0) - coalesce(b.before, 0)) >= 1
      order by b.from_colour = b.to_colour, abs(coalesce(b.after, 0) - coalesce(b.before, 0)) desc, c.name, b.id limit ${mostNamed})
    select
      (select coalesce(jsonb_object_agg(from_colour, n), '{}') from (select from_colour, count(*)::int as n from pair group by 1) x) as before,
      (select coalesce(jsonb_object_agg(to_colour, n), '{}') from (select to_colour, count(*)::int as n from pair group by 1) x) as after,
      (select coalesce(jsonb_agg(jsonb_build_object('from', nullif(from_colour, 'none'), 'to', nullif(to_colour, 'none'), 'customers', n)
          order by n desc), '[]')
        from (select from_colour, to_colour, count(*)::int as n from pair where from_colour <> to_colour group by 1, 2) x) as moves,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'from', before, 'to', after,
          'fromColour', nullif(from_colour, 'none'), 'toColour', nullif(to_colour, 'none'))), '[]') from largest) as largest`.execute(
    ctx.tx,
  )
  return rows[0]!
}

async function tierMoves(ctx: Context, old: TierModel): Promise<BlastRadius['tiers']> {
  const nameIn = (model: TierModel, key: string | null) => {
    const tier = model.tiers.find(each => each.key === key)
    return key === null ? null : { ja: tier?.ja ?? key, en: tier?.en ?? key }
  }
  const fresh = await tierModelOf(ctx)
  const { rows } = await sql<{ from: string | null; to: string | null; customers: number }>`
    select h.from_value as from, h.to_value as to, count(*)::int as customers from customer_history h
    where h.tenant_id = ${ctx.tenantId} and h.at = ${ctx.now} and h.field = 'tier' group by 1, 2 order by 3 desc`.execute(
    ctx.tx,
  )
  return rows.map(({ from, to, customers }) => ({ from: nameIn(old, from), to: nameIn(fresh, to), customers }))
}

async function segmentMoves(ctx: Context): Promise<BlastRadius['segments']> {
  const { rows } = await sql<BlastRadius['segments'][number]>`
    select s.key, jsonb_build_object('ja', s.name_ja, 'en', s.name_en) as name, count(*) filter (where m.entered)::int as entered,
      count(*) filter (where not m.entered)::int as exited
    from segment_move m join segment s on s.tenant_id = ${ctx.tenantId} and s.id = m.segment_id
    where m.tenant_id = ${ctx.tenantId} and m.at = ${ctx.now} group by s.key, s.name_ja, s.name_en order by s.name_ja`.execute(
    ctx.tx,
  )
  return rows
}

async function leadMoves(ctx: Context): Promise<BlastRadius['leads']> {
  const { rows } = await sql<BlastRadius['leads']>`
    select count(*)::int as moved, count(*) filter (where s.hot)::int as hot from lead_score_change s
    where s.tenant_id = ${ctx.tenantId} and s.at = ${ctx.now}`.execute(ctx.tx)
  return rows[0]!
}

async function stageMoves(ctx: Context): Promise<BlastRadius['stages']> {
  const { rows } = await sql<BlastRadius['stages'][number]>`
    select jsonb_build_object('ja', s.name_ja, 'en', s.name_en) as name, count(*)::int as entered
    from lifecycle_move m join lifecycle_stage s on s.tenant_id = ${ctx.tenantId} and s.id = m.to_stage
    where m.tenant_id = ${ctx.tenantId} and m.at = ${ctx.now} group by s.name_ja, s.name_en, s.position order by s.position`.execute(
    ctx.tx,
  )
  return rows
}
