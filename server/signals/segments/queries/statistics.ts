import { type RawBuilder, sql } from 'kysely'
import { shownUse, type Use, vocabularyUses } from '../../../catalog/conditions/queries/uses.ts'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { suggestions } from '../catalog.ts'
import { matchingRecords } from './matching.ts'
import { segmentsOf } from './segments.ts'

/** What the members of a segment add up to. A segment of contacts is counted by the contacts' customers. */
export async function segmentStatistics(ctx: Context, id: string): Promise<JsonText> {
  const { rows: known } = await sql<{ record: string; members: number; key: string }>`
    select record, members, key from segment where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const [segment] = known
  if (!segment) throw notFound()
  const customers =
    segment.record === 'customer'
      ? sql`select m.record_id as customer_id, 1 as records from segment_member m where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${id}`
      : sql`select k.customer_id, count(*) as records from segment_member m join contact k on k.tenant_id = ${ctx.tenantId} and k.id = m.record_id
          where m.tenant_id = ${ctx.tenantId} and m.segment_id = ${id} and k.customer_id is not null group by 1`
  const counted = (column: RawBuilder<unknown>, name = sql``) => sql`(
    select coalesce(json_agg(line order by line.members desc), '[]') from (
      select ${column} as key, ${name} sum(records)::int as members from own c group by 1) line)`
  const { rows } = await sql<{ item: string }>`
    with own as materialized (
      select c.*, member.records from (${customers}) member
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = member.customer_id and c.merged_into is null)
    select json_build_object('members', ${segment.members}::int,
      'share', (select ${segment.members}::float8 / nullif(count(*), 0) from ${sql.table(segment.record)} everybody
        where everybody.tenant_id = ${ctx.tenantId} and everybody.merged_into is null),
      'arr', (select coalesce(json_agg(line order by line.amount desc), '[]') from (
        select c.currency, sum(c.arr)::float8 as amount from own c group by 1 having sum(c.arr) > 0) line),
      'meanHealth', (select avg(c.health_score) from own c),
      'byTier', ${counted(sql`c.tier_key`)}, 'byStatus', ${counted(sql`c.status`)},
      'byOwner', (select coalesce(json_agg(json_build_object('key', line.owner_id, 'name', ${memberName(ctx, sql`line.owner_id`)},
          'members', line.members) order by line.members desc), '[]') from (
        select c.owner_id, sum(c.records)::int as members from own c group by 1 order by 2 desc limit 50) line),
      'sizes', (select coalesce(json_agg(json_build_object('day', to_char(z.day, 'YYYY-MM-DD'), 'members', z.members,
          'entered', z.entered, 'exited', z.exited) order by z.day), '[]')
        from segment_size z where z.tenant_id = ${ctx.tenantId} and z.segment_id = ${id}),
      'usedBy', ${JSON.stringify(await segmentUses(ctx, id))}::json)::text as item`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}

/** What names a segment: other segments, scorecards, rules, stages, saved views. */
export async function segmentUses(ctx: Context, id: string): Promise<Use[]> {
  const { rows: views } = await sql<Use>`
    select 'view' as kind, v.id, v.name from saved_view v
    where v.tenant_id = ${ctx.tenantId} and strpos(v.definition::text, ${id}) > 0 order by v.name`.execute(ctx.tx)
  const uses = (await vocabularyUses(ctx)).filter(use => use.id !== id && use.segments.includes(id))
  return [...uses.map(use => shownUse(use, ctx.locale)), ...views]
}

/** Segments that the company does not have yet, with how many customers each would hold now. */
export async function suggestSegments(ctx: Context) {
  const own = new Set((await segmentsOf(ctx)).map(({ key }) => key))
  const items = []
  for (const suggestion of suggestions.filter(({ key }) => !own.has(key))) {
    const { rows } = await sql<{ members: number }>`
      select count(*)::int as members from (${await matchingRecords(ctx, 'customer', suggestion.condition)}) matching`.execute(
      ctx.tx,
    )
    if (rows[0]!.members > 0) items.push({ ...suggestion, members: rows[0]!.members })
  }
  return { items: items.sort((one, other) => other.members - one.members) }
}
