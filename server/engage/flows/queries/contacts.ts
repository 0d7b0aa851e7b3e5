import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import type { listContactLog } from '../contract/reports.ts'
import { customerInReach } from './reach.ts'

type Filter = z.output<typeof listContactLog.query>

/** Where contacts stand: each gives the same columns, with the filters that it can answer by an index. */
interface Source {
  at: RawBuilder<unknown>
  id: RawBuilder<unknown>
  flow: RawBuilder<unknown>
  customer: RawBuilder<unknown>
  member: RawBuilder<unknown>
  way: RawBuilder<unknown>
  outcome: RawBuilder<unknown>
  /** Title, contact, step, task, note, in this order. */
  more: RawBuilder<unknown>
  from: RawBuilder<unknown>
}

/** Contacts with all customers that the actor may see, the latest first. */
export async function contactLogPage(ctx: Context, query: Filter): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const branches = [mails(ctx), messages(ctx), works(ctx), records(ctx)].map(source => branch(ctx, source, query))
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', l.id, 'at', l.at, 'way', l.way, 'origin', l.origin, 'title', l.title, 'customerId', l.customer_id,
      'customerName', c.name, 'contactName', k.name, 'memberName', ${memberName(ctx, sql`l.member_id`)}, 'flowId', l.flow_id,
      'flowName', case when f.id is not null then json_build_object('ja', f.name_ja, 'en', f.name_en) end, 'step', l.step,
      'taskId', l.task_id, 'outcome', l.outcome, 'note', l.note)::text as item
    from (${sql.join(branches, sql` union all `)} order by at desc, id desc limit ${sql.lit(query.limit + 1)}) l
    left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = l.customer_id
    left join contact k on k.tenant_id = ${ctx.tenantId} and k.id = l.contact_id
    left join flow f on f.tenant_id = ${ctx.tenantId} and f.id = l.flow_id
    order by l.at desc, l.id desc`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['at', 'id'])
}

/** One source, filtered and cut: the whole is never more than a page of each. */
function branch(ctx: Context, source: Source, query: Filter): RawBuilder<unknown> {
  const { at, id, flow, customer, member, way, outcome, more, from } = source
  const after = readCursor(query.cursor, 2)
  const conditions = [sql`(${customer} is null or ${customerInReach(ctx, customer, 'customers.read')})`]
  if (after) conditions.push(sql`(${at}, ${id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  if (query.flowId) conditions.push(sql`${flow} = ${query.flowId}::uuid`)
  if (query.customerId) conditions.push(sql`${customer} = ${query.customerId}::uuid`)
  if (query.memberId) conditions.push(sql`${member} = ${query.memberId}::uuid`)
  if (query.way) conditions.push(sql`${way} = ${query.way}`)
  if (query.outcome) conditions.push(sql`${outcome} = ${query.outcome}`)
  if (query.month) {
    const zone = sql`(select company.time_zone from tenant company where company.id = ${ctx.tenantId})`
    const first = sql`${`${query.month}-01`}::timestamp`
    conditions.push(
      sql`${at} >= ${first} at time zone ${zone} and ${at} < (${first} + interval '1 month') at time zone ${zone}`,
    )
  }
  return sql`(select ${at} as at, ${id} as id, ${flow} as flow_id, ${customer} as customer_id, ${member} as member_id, ${way} as way,
    ${outcome} as outcome, ${more} ${from} and ${sql.join(conditions, sql` and `)}
    order by ${at} desc, ${id} desc limit ${sql.lit(query.limit + 1)})`
}

const nobody = sql`null::uuid`

/** Mails of flows: one for each person. */
function mails(ctx: Context): Source {
  return {
    at: sql`m.queued_at`,
    id: sql`m.id`,
    flow: sql`m.source_id`,
    customer: sql`p.customer_id`,
    member: nobody,
    way: sql`'email'`,
    outcome: sql`case when m.bounced_at is not null or m.state in ('failed', 'uncertain') then 'failed'
      when m.clicked_at is not null then 'clicked' when m.opened_at is not null then 'opened'
      when m.state = 'accepted' then 'sent' when m.state in ('suppressed', 'kept') then 'held' else 'open' end`,
    more: sql`'flow' as origin, w.name as title, m.contact_id, m.step_key as step, null::uuid as task_id, m.reason as note`,
    from: sql`from message m join message_template w on w.tenant_id = ${ctx.tenantId} and w.id = m.template_id
      left join contact p on p.tenant_id = ${ctx.tenantId} and p.id = m.contact_id
      where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'flow'`,
  }
}

/** Messages of flows inside the product. */
function messages(ctx: Context): Source {
  return {
    at: sql`d.queued_at`,
    id: sql`d.id`,
    flow: sql`d.source_id`,
    customer: sql`p.customer_id`,
    member: nobody,
    way: sql`'in_app'`,
    outcome: sql`case when d.clicked_at is not null or d.completed_at is not null then 'clicked'
      when d.dismissed_at is not null then 'refused' when d.first_shown_at is not null then 'opened'
      when d.withdrawn_at is not null then 'held' else 'open' end`,
    more: sql`'flow', w.name, d.contact_id, d.step_key, null::uuid, null`,
    from: sql`from in_app_delivery d join in_app_message w on w.tenant_id = ${ctx.tenantId} and w.id = d.message_id
      left join contact p on p.tenant_id = ${ctx.tenantId} and p.id = d.contact_id
      where d.tenant_id = ${ctx.tenantId} and d.source_kind = 'flow'`,
  }
}

/** Tasks that reach the customer. What the flow asked right after says how it went; without it how far the task is. */
function works(ctx: Context): Source {
  return {
    at: sql`coalesce(t.done_at, t.created_at)`,
    id: sql`t.id`,
    flow: sql`r.flow_id`,
    customer: sql`t.customer_id`,
    member: sql`coalesce(t.done_by, t.assignee_id)`,
    way: sql`t.contact`,
    outcome: sql`coalesce(a.way, case when t.status in ('done', 'cancelled') then t.status when t.due_at < ${ctx.now} then 'late' else 'open' end)`,
    more: sql`case when t.source = 'flow' then 'flow' else 'task' end, t.title, (select l.record_id from task_link l
      where l.tenant_id = ${ctx.tenantId} and l.task_id = t.id and l.kind = 'contact' order by l.record_id limit 1), r.step, t.id,
      coalesce(a.note, t.reason)`,
    from: sql`from task t
      left join flow_step_run r on r.tenant_id = ${ctx.tenantId} and t.source = 'flow' and t.source_key ~ '^[0-9a-f-]{36}:[0-9]+$'
        and r.enrolment_id = (case when t.source_key ~ '^[0-9a-f-]{36}:[0-9]+$' then split_part(t.source_key, ':', 1) end)::uuid
        and r.visit = (case when t.source_key ~ '^[0-9a-f-]{36}:[0-9]+$' then split_part(t.source_key, ':', 2) end)::int
      left join lateral (
        select n.way, q.note from flow_step_run n
        left join flow_request q on q.tenant_id = ${ctx.tenantId} and q.enrolment_id = n.enrolment_id and q.visit = n.visit
        where n.tenant_id = ${ctx.tenantId} and n.enrolment_id = r.enrolment_id and n.visit = r.visit + 1 and n.kind = 'approval'
          and n.way in ('approved', 'refused', 'silent')) a on true
      where t.tenant_id = ${ctx.tenantId} and t.contact is not null`,
  }
}

/** Conversations that were written down or came in. */
function records(ctx: Context): Source {
  return {
    at: sql`o.occurred_at`,
    id: sql`o.id`,
    flow: nobody,
    customer: sql`o.customer_id`,
    member: sql`o.author_id`,
    way: sql`lower(o.kind)`,
    outcome: sql`'done'`,
    more: sql`'record', coalesce(nullif(o.subject, ''), left(o.body, 120)), o.contact_ids[1], null, null::uuid, null`,
    from: sql`from communication o where o.tenant_id = ${ctx.tenantId} and o.kind in ('EMAIL', 'CALL', 'MEETING')`,
  }
}
