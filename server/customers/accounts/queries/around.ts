import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { memberName, requireCustomer } from './customers.ts'
import { withinReach } from './reach.ts'

type ValueField = 'industry' | 'plan' | 'segment' | 'region' | 'language' | 'currency'

/** The 100 most common values of a field. */
export async function commonValues(ctx: Context, field: ValueField): Promise<{ value: string; customers: number }[]> {
  const scope = requirePermission(ctx, 'customers.read')
  const column = sql.ref(`c.${field}`)
  const { rows } = await sql<{ value: string; customers: number }>`
    select ${column} as value, count(*)::int as customers from customer c
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${column} is not null and ${withinReach(ctx, scope)}
    group by ${column} order by count(*) desc, ${column} limit 100`.execute(ctx.tx)
  return rows
}

/** What hangs on a customer, by kind. */
export async function usesOfCustomer(ctx: Context, id: string): Promise<{ kind: string; count: number }[]> {
  await requireCustomer(ctx, id)
  const { rows } = await sql<{ kind: string; count: number }>`
    select use.kind, use.count::int from (values
      ('contacts', (select count(*) from contact r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id} and r.merged_into is null)),
      ('contracts', (select count(*) from contract r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id} and not r.standing)),
      ('tickets', (select count(*) from ticket r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('invoices', (select count(*) from invoice r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('payments', (select count(*) from payment r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('survey_answers', (select count(*) from survey_answer r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('communications', (select count(*) from communication r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('subsidiaries', (select count(*) from customer r where r.tenant_id = ${ctx.tenantId} and r.parent_id = ${id} and r.merged_into is null)),
      ('success_plans', (select count(*) from success_plan r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('business_reviews', (select count(*) from business_review r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id})),
      ('advocacy_activities', (select count(*) from advocacy_activity r where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${id}))
    ) as use (kind, count) where use.count > 0`.execute(ctx.tx)
  return rows
}

/** The changes of owner, tier, status and parent, latest first. */
export async function customerHistory(ctx: Context, id: string, field: string | undefined): Promise<JsonText> {
  await requireCustomer(ctx, id)
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('id', h.id, 'at', h.at, 'field', h.field,
      'from', ${readable(ctx, 'from_value')}, 'to', ${readable(ctx, 'to_value')}, 'cause', h.cause, 'actorId', h.actor_id,
      'actorName', ${memberName(ctx, sql`h.actor_id`)}, 'note', h.note) order by h.at desc, h.id desc), '[]')::text as items
    from customer_history h
    where h.tenant_id = ${ctx.tenantId} and h.customer_id = ${id} and h.field = coalesce(${field ?? null}, h.field)`.execute(
    ctx.tx,
  )
  return new JsonText(`{"items":${rows[0]!.items}}`)
}

/** Members and customers by name, the rest as it is. */
function readable(ctx: Context, column: 'from_value' | 'to_value') {
  const value = sql.ref(`h.${column}`)
  return sql`case h.field
    when 'owner' then coalesce(${memberName(ctx, sql`${value}::uuid`)}, ${value})
    when 'parent' then coalesce((select p.name from customer p where p.tenant_id = ${ctx.tenantId} and p.id = ${value}::uuid), ${value})
    else ${value} end`
}

/** Deeper than this a family is not followed. */
const deepest = 20

/** The family of a customer from its topmost parent down, and what its members are worth together. */
export async function hierarchyOf(ctx: Context, id: string): Promise<JsonText> {
  await requireCustomer(ctx, id)
  const { rows } = await sql<{ members: string; roll_up: string }>`
    with recursive ancestor as (
      select c.id, c.parent_id, 0 as steps from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id}
      union all
      select p.id, p.parent_id, a.steps + 1 from ancestor a
      join customer p on p.tenant_id = ${ctx.tenantId} and p.id = a.parent_id where a.steps < ${deepest}),
    top as (select a.id from ancestor a order by a.steps desc limit 1),
    family as (
      select c.id, 0 as depth, array[c.name] as place from customer c join top on top.id = c.id where c.tenant_id = ${ctx.tenantId}
      union all
      select c.id, f.depth + 1, f.place || c.name from family f
      join customer c on c.tenant_id = ${ctx.tenantId} and c.parent_id = f.id and c.merged_into is null where f.depth < ${deepest}),
    member as (
      select c.*, f.depth, f.place from family f join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.id limit 2000)
    select
      (select json_agg(json_build_object('id', m.id, 'name', m.name, 'status', m.status, 'depth', m.depth,
        'parentId', m.parent_id, 'arr', m.arr, 'currency', m.currency, 'healthScore', m.health_score,
        'licenceCount', m.licence_count) order by m.place, m.id) from member m)::text as members,
      json_build_object('customers', (select count(*) from member), 'licences', (select coalesce(sum(m.licence_count), 0) from member m),
        'revenue', (select coalesce(json_agg(json_build_object('currency', r.currency, 'arr', r.arr)), '[]')
          from (select m.currency, sum(m.arr) as arr from member m where m.status <> 'CHURNED' group by m.currency order by sum(m.arr) desc) r),
        'lowestHealth', (select min(m.health_score) from member m where m.status <> 'CHURNED'),
        'contacts', (select count(*) from contact k where k.tenant_id = ${ctx.tenantId} and k.merged_into is null
          and k.customer_id in (select m.id from member m)),
        'openTickets', (select count(*) from ticket t where t.tenant_id = ${ctx.tenantId}
          and t.customer_id in (select m.id from member m) and t.status not in ('RESOLVED', 'CLOSED')))::text as roll_up`.execute(
    ctx.tx,
  )
  return new JsonText(`{"members":${rows[0]!.members},"rollUp":${rows[0]!.roll_up}}`)
}
