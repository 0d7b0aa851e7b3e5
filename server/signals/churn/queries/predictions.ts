import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { lookedAfterBy, withinReach } from '../../../customers/accounts/queries/reach.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { RouteInput, RouteReply } from '../../../platform/http/contract.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import { metricsOf } from '../../metrics/queries/definitions.ts'
import type { listChurnPredictions } from '../contract/predictions.ts'
import type { Part } from '../factors.ts'
import { factorOf, figuresBefore, signalNames } from './factors.ts'

type Query = RouteInput<typeof listChurnPredictions>['query']
type Line = RouteReply<typeof listChurnPredictions>['items'][number]

const shown = 3
/** Sorts that have no value come last. */
const nothing = -1e15

function conditionsOf(ctx: Context, query: Partial<Query>): RawBuilder<boolean> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (query.band) conditions.push(sql`p.band = any(${query.band.split(',')}::text[])`)
  if (query.ownerId) conditions.push(sql`c.owner_id = ${query.ownerId}::uuid`)
  if (query.mine) conditions.push(lookedAfterBy(ctx, query.mine))
  if (query.tierKey) conditions.push(sql`c.tier_key = ${query.tierKey}`)
  if (query.segmentId) {
    conditions.push(sql`exists (select 1 from segment_member s where s.tenant_id = ${ctx.tenantId}
      and s.segment_id = ${query.segmentId}::uuid and s.record_id = c.id)`)
  }
  if (query.basis) conditions.push(sql`p.basis = ${query.basis}`)
  if (query.held) conditions.push(sql`p.held = ${query.held}`)
  if (query.q) conditions.push(sql`strpos(lower(c.name), lower(${query.q})) > 0`)
  if (query.minScore !== undefined) conditions.push(sql`p.score >= ${query.minScore}`)
  if (query.renewalWithin) {
    conditions.push(sql`c.renewal_on between ${today(ctx)} and ${today(ctx)} + ${query.renewalWithin}::int`)
  }
  if (query.risen) conditions.push(sql`p.score - ${weekBefore(ctx)} >= ${query.risen}`)
  return sql`${sql.join(conditions, sql` and `)}`
}

/** The score of the customer `c` a week ago, or on the last day before. */
function weekBefore(ctx: Context): RawBuilder<unknown> {
  return sql`(select d.score from churn_score_daily d where d.tenant_id = ${ctx.tenantId} and d.customer_id = c.id
    and d.day between ${today(ctx)} - 21 and ${today(ctx)} - 7 order by d.day desc limit 1)`
}

interface Row extends Omit<Line, 'factors'> {
  factors: Part[]
  order: number
}

function rowsOf(ctx: Context, where: RawBuilder<unknown>, order: RawBuilder<unknown>, limit: number) {
  const scope = requirePermission(ctx, 'customers.read')
  return sql<{ item: Row }>`
    with chosen as materialized (
      select p.*, ${order}::float8 as order_value from churn_prediction p
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
      where p.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)} and ${where}
      order by order_value desc, p.customer_id desc limit ${limit})
    select json_build_object('id', c.id, 'name', c.name, 'ownerId', c.owner_id, 'ownerName', ${memberName(ctx, sql`c.owner_id`)},
      'tierKey', c.tier_key, 'plan', c.plan, 'arr', c.arr, 'currency', c.currency, 'renewalOn', c.renewal_on,
      'healthScore', c.health_score, 'healthLevel', c.health_level, 'score', p.score, 'before7', ${weekBefore(ctx)}, 'band', p.band,
      'low', p.low * 100, 'high', p.high * 100, 'confidence', p.confidence, 'basis', p.basis, 'held', p.held,
      'atStake', c.arr * p.probability, 'factors', p.factors, 'predictedAt', p.predicted_at, 'order', p.order_value) as item
    from chosen p join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
    order by p.order_value desc, p.customer_id desc`.execute(ctx.tx)
}

/** What is expected of a customer that the actor may see, with what is kept of its reasons. */
export async function predictionOf(ctx: Context, id: string): Promise<Omit<Row, 'order'> | undefined> {
  const { rows } = await rowsOf(ctx, sql`c.id = ${id}::uuid`, sql`p.score`, 1)
  if (!rows[0]) return undefined
  const { order: _, ...row } = rows[0].item
  return row
}

/** Customers by their chance of leaving. */
export async function listPredictions(
  ctx: Context,
  { limit, cursor, sort, ...query }: Query,
): Promise<RouteReply<typeof listChurnPredictions>> {
  const orders = {
    score: sql`p.score`,
    at_stake: sql`coalesce(c.arr_order * p.probability, ${nothing})`,
    risen: sql`coalesce(p.score - ${weekBefore(ctx)}, ${nothing})`,
    renewal: sql`coalesce(-(c.renewal_on - ${today(ctx)}), ${nothing})`,
  }
  const after = readCursor(cursor, 2)
  const where = conditionsOf(ctx, query)
  const order = orders[sort]
  const behind = after ? sql`(${order}::float8, p.customer_id) < (${after[0]}::float8, ${after[1]}::uuid)` : sql`true`
  const { rows } = await rowsOf(ctx, sql`${where} and ${behind}`, order, limit + 1)
  const scope = requirePermission(ctx, 'customers.read')
  const total = await sql<{ total: number }>`
    select count(*)::int as total from churn_prediction p join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
    where p.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)} and ${where}`.execute(
    ctx.tx,
  )
  const items = rows.slice(0, limit).map(({ item }) => item)
  const last = rows.length > limit ? items.at(-1) : undefined
  return {
    items: await inWords(ctx, items),
    next: last ? cursorOf([last.order, last.id]) : null,
    total: total.rows[0]!.total,
  }
}

/** What raises the chance of each customer most, in words. */
export async function mainReasons(ctx: Context, customers: readonly string[]): Promise<Map<string, Words>> {
  const { rows } = await sql<{ id: string; currency: string; factors: Part[] }>`
    select p.customer_id as id, c.currency, p.factors from churn_prediction p
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = p.customer_id
    where p.tenant_id = ${ctx.tenantId} and p.customer_id = any(${customers}::uuid[])`.execute(ctx.tx)
  if (rows.length === 0) return new Map()
  const [metrics, signals] = [await metricsOf(ctx), await signalNames(ctx)]
  const before = await figuresBefore(
    ctx,
    rows.map(({ id }) => id),
  )
  return new Map(
    rows.flatMap(({ id, currency, factors }): [string, Words][] => {
      const gravest = factors.find(({ part }) => part > 0)
      if (!gravest) return []
      return [[id, factorOf({ metrics, signals, currency, before: before.get(id) ?? (() => null) }, gravest).words]]
    }),
  )
}

async function inWords(ctx: Context, rows: readonly Row[]): Promise<Line[]> {
  if (rows.length === 0) return []
  const metrics = await metricsOf(ctx)
  const signals = await signalNames(ctx)
  const before = await figuresBefore(
    ctx,
    rows.map(({ id }) => id),
  )
  return rows.map(({ factors, order: _, ...row }) => {
    const reader = { metrics, signals, currency: row.currency, before: before.get(row.id) ?? (() => null) }
    const raising = factors.filter(({ part }) => part > 0).slice(0, shown)
    return { ...row, factors: raising.map(part => factorOf(reader, part)) }
  })
}
