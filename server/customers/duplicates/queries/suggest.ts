import { type RawBuilder, sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { withinReach } from '../../accounts/queries/reach.ts'

/** Pairs that are shown at once. */
const mostPairs = 100

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
 * Pairs of customers that may be one: the same domain (0.9), the same name without its legal form (0.85), or names that
 * share most of their three-letter pieces (Jaccard index of at least 0.6, among those that share a rare piece).
 */
export async function suggestCustomers(ctx: Context): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.merge')
  const { rows } = await sql<{ items: string }>`
    with known as (
      select c.id, ${nameKey(sql`c.name`)} as key from customer c
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${withinReach(ctx, scope)}),
    of_name as (
      select a.id as first_id, b.id as second_id, 'same_name' as reason, 0.85 as likeness
      from known a join known b on b.key = a.key and b.id > a.id where length(a.key) >= 2),
    of_domain as (
      select a.customer_id as first_id, b.customer_id as second_id, 'same_domain' as reason, 0.9 as likeness
      from customer_domain a join customer_domain b on b.tenant_id = ${ctx.tenantId} and b.domain = a.domain and b.customer_id > a.customer_id
      where a.tenant_id = ${ctx.tenantId}),
    piece as (
      select distinct k.id, substr(k.key, place, 3) as piece from known k, generate_series(1, greatest(1, least(length(k.key), 60) - 2)) place
      where length(k.key) >= 4),
    rare as (select p.piece from piece p group by p.piece having count(*) between 2 and 6),
    candidate as (
      select a.id as first_id, b.id as second_id from piece a join rare on rare.piece = a.piece
      join piece b on b.piece = a.piece and b.id > a.id group by 1, 2 limit 20000),
    of_likeness as (
      select c.first_id, c.second_id, 'similar_name' as reason, alike.index as likeness from candidate c,
        lateral (select count(*) filter (where n = 2)::numeric / count(*) as index from (
          select count(*) as n from piece p where p.id in (c.first_id, c.second_id) group by p.piece) shared) alike
      where alike.index >= 0.6),
    pair as (
      select first_id, second_id, max(likeness) as likeness, array_agg(distinct reason) as reasons
      from (select * from of_name union all select * from of_domain union all select * from of_likeness) found
      group by first_id, second_id)
    select coalesce(json_agg(json_build_object('first', ${customerSide(sql`a`, ctx)}, 'second', ${customerSide(sql`b`, ctx)},
      'likeness', least(0.99, round(pair.likeness + 0.05 * (cardinality(pair.reasons) - 1), 2)), 'reasons', pair.reasons)
      order by cardinality(pair.reasons) desc, pair.likeness desc, a.name), '[]')::text as items
    from (select p.* from pair p where not exists (select 1 from distinct_pair d where d.tenant_id = ${ctx.tenantId}
        and d.record = 'customer' and d.first_id = p.first_id and d.second_id = p.second_id)
      order by cardinality(p.reasons) desc, p.likeness desc, p.first_id limit ${mostPairs}) pair
    join customer a on a.tenant_id = ${ctx.tenantId} and a.id = pair.first_id and a.merged_into is null
    join customer b on b.tenant_id = ${ctx.tenantId} and b.id = pair.second_id and b.merged_into is null`.execute(
    ctx.tx,
  )
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/**
 * Pairs of contacts that may be one: addresses that differ only in dots and +tags (0.95), the same telephone number
 * (0.8), or the same name at the same customer (0.75).
 */
export async function suggestContacts(ctx: Context): Promise<JsonText> {
  const scope = requirePermission(ctx, 'customers.merge')
  const { rows } = await sql<{ items: string }>`
    with known as (
      select k.id, k.customer_id, regexp_replace(normalize(lower(k.name), nfkc), '\\s', '', 'g') as name,
        replace(split_part(split_part(k.email, '@', 1), '+', 1), '.', '') || '@' || split_part(k.email, '@', 2) as address,
        regexp_replace(normalize(k.phone, nfkc), '\\D', '', 'g') as phone
      from contact k left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = k.customer_id
      where k.tenant_id = ${ctx.tenantId} and k.merged_into is null and (${scope === 'all'} or ${withinReach(ctx, scope)})),
    found as (
      select a.id as first_id, b.id as second_id, 'similar_address' as reason, 0.95 as likeness
      from known a join known b on b.address = a.address and b.id > a.id
      union all
      select a.id, b.id, 'same_phone', 0.8 from known a join known b on b.phone = a.phone and b.id > a.id where length(a.phone) >= 9
      union all
      select a.id, b.id, 'same_name', 0.75 from known a
      join known b on b.customer_id = a.customer_id and b.name = a.name and b.id > a.id where length(a.name) >= 2),
    pair as (
      select first_id, second_id, max(likeness) as likeness, array_agg(distinct reason) as reasons from found group by 1, 2)
    select coalesce(json_agg(json_build_object('first', ${contactSide(sql`a`, ctx)}, 'second', ${contactSide(sql`b`, ctx)},
      'likeness', least(0.99, round(pair.likeness + 0.05 * (cardinality(pair.reasons) - 1), 2)), 'reasons', pair.reasons)
      order by cardinality(pair.reasons) desc, pair.likeness desc, a.name), '[]')::text as items
    from (select p.* from pair p where not exists (select 1 from distinct_pair d where d.tenant_id = ${ctx.tenantId}
        and d.record = 'contact' and d.first_id = p.first_id and d.second_id = p.second_id)
      order by cardinality(p.reasons) desc, p.likeness desc, p.first_id limit ${mostPairs}) pair
    join contact a on a.tenant_id = ${ctx.tenantId} and a.id = pair.first_id
    join contact b on b.tenant_id = ${ctx.tenantId} and b.id = pair.second_id`.execute(ctx.tx)
  return new JsonText(`{"items":${rows[0]!.items}}`)
}
