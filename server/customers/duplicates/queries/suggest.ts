import { type RawBuilder, sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { withinReach } from '../../accounts/queries/reach.ts'

/** Pairs that are shown at once. */
const mostPairs = 100

/** Of how many records with the same name, domain, address or telephone pairs are made. */
const mostAlike = 10

/** Pairs of names whose likeness is worked out: those that share most rare pieces. */
const mostCandidates = 5_000

/** Of each name so many characters are compared. */
const mostCharacters = 60

/** A name as it is compared: without legal forms, spaces and punctuation, full and half width alike. */
function nameKey(name: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`regexp_replace(regexp_replace(normalize(lower(${name}), nfkc),
    '(株式会社|有限会社|合同会社|合資会社|一般社団法人|\\(株\\)|\\(有\\)|\\m(inc|ltd|llc|corp|corporation|co|gmbh|pte|plc|limited|company)\\M)', '', 'g'),
    '[^[:alnum:]]', '', 'g')`
}

/** A customer as a side of a pair. */
export function customerSide(alias: RawBuilder<unknown>, ctx: Context): RawBuilder<unknown> {
  return sql`json_build_object('id', ${alias}.id, 'name', ${alias}.name, 'externalId', ${alias}.external_id,
    'address', (select string_agg(d.domain, ', ' order by d.domain) from customer_domain d
      where d.tenant_id = ${ctx.tenantId} and d.customer_id = ${alias}.id),
    'detail', ${alias}.status, 'arr', ${alias}.arr, 'currency', ${alias}.currency, 'createdAt', ${alias}.created_at)`
}

/** A contact as a side of a pair. */
export function contactSide(alias: RawBuilder<unknown>, ctx: Context): RawBuilder<unknown> {
  return sql`json_build_object('id', ${alias}.id, 'name', ${alias}.name, 'externalId', ${alias}.external_id,
    'address', ${alias}.email, 'detail', (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = ${alias}.customer_id),
    'arr', null, 'currency', null, 'createdAt', ${alias}.created_at)`
}

/**
 * The pairs of a relation of groups. Groups in place of a join of the list with itself: right after an import a table has
 * no statistics, and the planner would compare every record with every other.
 */
function pairsOf(groups: RawBuilder<unknown>, reason: string, likeness: number): RawBuilder<unknown> {
  return sql`
    select g.ids[i] as first_id, g.ids[j] as second_id, ${sql.lit(reason)} as reason, ${sql.lit(likeness)}::numeric as likeness
    from (${groups}) g (ids), generate_series(1, cardinality(g.ids)) i, generate_series(i + 1, cardinality(g.ids)) j`
}

const alike = (id: RawBuilder<unknown>) => sql`(array_agg(${id} order by ${id}))[1:${sql.lit(mostAlike)}]`

/** Places at which the three-letter pieces of a name begin. */
const places = (key: RawBuilder<unknown>) =>
  sql`generate_series(1, greatest(1, least(length(${key}), ${sql.lit(mostCharacters)}) - 2))`

/**
 * Pairs of customers that may be one: the same domain (0.9), the same name without its legal form (0.85), or names that
 * differ and share most of their three-letter pieces (Jaccard index of at least 0.6, among those that share a piece
 * which 2 to 6 names have; the index cannot reach 0.6 when one name is less than 0.6 of the other).
 */
export async function suggestCustomers(ctx: Context): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.merge')
  const { rows } = await sql<{ items: string }>`
    with known as materialized (
      select c.id, ${nameKey(sql`c.name`)} collate "C" as key from customer c
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)}),
    rare as materialized (
      select array_agg(k.id) as ids, array_agg(k.key) as keys
      from known k, ${places(sql`k.key`)} place where length(k.key) >= 4
      group by substr(k.key, place, 3) having count(*) between 2 and 6),
    candidate as materialized (
      select rare.ids[i] as first_id, rare.ids[j] as second_id, min(rare.keys[i]) as first_key, min(rare.keys[j]) as second_key
      from rare, generate_series(1, cardinality(rare.ids)) i, generate_series(1, cardinality(rare.ids)) j
      where rare.ids[i] < rare.ids[j] and rare.keys[i] <> rare.keys[j]
        and least(length(rare.keys[i]), length(rare.keys[j])) >= 0.6 * (greatest(length(rare.keys[i]), length(rare.keys[j])) - 2)
      group by 1, 2 order by count(*) desc, 1, 2 limit ${mostCandidates}),
    found as (
      ${pairsOf(
        sql`select ${alike(sql`k.id`)} from known k where length(k.key) >= 2 group by k.key having count(*) > 1`,
        'same_name',
        0.85,
      )}
      union all
      ${pairsOf(
        sql`select ${alike(sql`d.customer_id`)} from customer_domain d
          join customer c on c.tenant_id = ${ctx.tenantId} and c.id = d.customer_id
          where d.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)}
          group by d.domain having count(*) > 1`,
        'same_domain',
        0.9,
      )}
      union all
      select c.first_id, c.second_id, 'similar_name', alike.index from candidate c,
        lateral (select count(*) filter (where sides = 2)::numeric / count(*) as index from (
          select count(*) as sides from (
            select 1 as side, substr(c.first_key, place, 3) as piece from ${places(sql`c.first_key`)} place
            union select 2, substr(c.second_key, place, 3) from ${places(sql`c.second_key`)} place) piece
          group by piece.piece) shared) alike
      where alike.index >= 0.6),
    pair as (
      select first_id, second_id, max(likeness) as likeness, array_agg(distinct reason) as reasons
      from found group by first_id, second_id)
    select coalesce(json_agg(json_build_object('first', ${customerSide(sql`a`, ctx)}, 'second', ${customerSide(sql`b`, ctx)},
      'likeness', least(0.99, round(pair.likeness + 0.05 * (cardinality(pair.reasons) - 1), 2)), 'reasons', pair.reasons)
      order by cardinality(pair.reasons) desc, pair.likeness desc, a.name), '[]')::text as items
    from (${worthShowing(ctx, 'customer')}) pair
    join customer a on a.tenant_id = ${ctx.tenantId} and a.id = pair.first_id
    join customer b on b.tenant_id = ${ctx.tenantId} and b.id = pair.second_id`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/** The likeliest of the relation `pair` that nobody keeps apart. */
function worthShowing(ctx: Context, record: 'customer' | 'contact'): RawBuilder<unknown> {
  return sql`
    select p.* from pair p where not exists (select 1 from distinct_pair d where d.tenant_id = ${ctx.tenantId}
      and d.record = ${record} and d.first_id = p.first_id and d.second_id = p.second_id)
    order by cardinality(p.reasons) desc, p.likeness desc, p.first_id, p.second_id limit ${mostPairs}`
}

/**
 * Pairs of contacts that may be one: addresses that differ only in dots and +tags (0.95), the same telephone number
 * (0.8), or the same name at the same customer (0.75).
 */
export async function suggestContacts(ctx: Context): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.merge')
  const grouped = (by: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
    sql`select ${alike(sql`k.id`)} from known k where ${where} group by ${by} having count(*) > 1`
  const { rows } = await sql<{ items: string }>`
    with known as materialized (
      select k.id, k.customer_id, regexp_replace(normalize(lower(k.name), nfkc), '\\s', '', 'g') as name,
        replace(split_part(split_part(k.email, '@', 1), '+', 1), '.', '') || '@' || split_part(k.email, '@', 2) as address,
        regexp_replace(normalize(k.phone, nfkc), '\\D', '', 'g') as phone
      from contact k left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = k.customer_id
      where k.tenant_id = ${ctx.tenantId} and k.merged_into is null and (${scope === 'all'} or ${withinReach(ctx, scope)})),
    found as (
      ${pairsOf(grouped(sql`k.address`, sql`k.address is not null`), 'similar_address', 0.95)}
      union all
      ${pairsOf(grouped(sql`k.phone`, sql`length(k.phone) >= 9`), 'same_phone', 0.8)}
      union all
      ${pairsOf(grouped(sql`k.customer_id, k.name`, sql`k.customer_id is not null and length(k.name) >= 2`), 'same_name', 0.75)}),
    pair as (
      select first_id, second_id, max(likeness) as likeness, array_agg(distinct reason) as reasons from found group by 1, 2)
    select coalesce(json_agg(json_build_object('first', ${contactSide(sql`a`, ctx)}, 'second', ${contactSide(sql`b`, ctx)},
      'likeness', least(0.99, round(pair.likeness + 0.05 * (cardinality(pair.reasons) - 1), 2)), 'reasons', pair.reasons)
      order by cardinality(pair.reasons) desc, pair.likeness desc, a.name), '[]')::text as items
    from (${worthShowing(ctx, 'contact')}) pair
    join contact a on a.tenant_id = ${ctx.tenantId} and a.id = pair.first_id
    join contact b on b.tenant_id = ${ctx.tenantId} and b.id = pair.second_id`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}
