import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { timelineGroups } from '../contract.ts'

export type Group = (typeof timelineGroups)[number]

/** What every source is asked for: whose entries, and what lies before the cursor. */
export interface Span {
  customerId: string
  contactId: string | undefined
  limit: number
  /** A condition on the moment and the id of an entry. */
  before(at: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<unknown>
  /** A condition on the words of an entry. */
  matches(words: RawBuilder<unknown>): RawBuilder<unknown>
}

function zone(ctx: Context): RawBuilder<unknown> {
  return sql`(select company.time_zone from tenant company where company.id = ${ctx.tenantId})`
}

/** What is known by its day alone stands at the start of that day where the company is; `details.day` says so. */
function startOf(ctx: Context, day: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${day}::timestamp at time zone ${zone(ctx)})`
}

/**
 * Where the lines of a timeline come from. Each source answers its latest entries with the same columns, by an index on
 * customer and moment, so that the union reads a page of each and no more. Domain events that later modules announce
 * about a customer are a source of their own: health, alerts, flows and surveys need no line here.
 */
export const timelineSources: Record<Group, ((ctx: Context, span: Span) => RawBuilder<unknown>)[]> = {
  contact: [
    (ctx, span) => sql`
      select r.occurred_at as at, r.id, 'contact' as "group", 'communication.' || lower(r.kind) as kind, r.subject as title,
        r.body, r.author_id as actor_id, r.contact_ids,
        jsonb_build_object('direction', r.direction, 'durationMinutes', r.duration_minutes) as details
      from communication r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and ${span.before(sql`r.occurred_at`, sql`r.id`)}
        and ${span.contactId ? sql`${span.contactId}::uuid = any(r.contact_ids)` : sql`true`}
        and ${span.matches(sql`concat_ws(' ', r.subject, r.body)`)}
      order by r.occurred_at desc, r.id desc limit ${span.limit}`,
    // What people did with messages that were sent to them is announced about their customer.
    (ctx, span) => sql`
      select r.occurred_at, r.id, 'contact', r.type, r.payload ->> 'title', null, null::uuid,
        array_remove(array[(r.payload ->> 'contactId')::uuid], null), r.payload
      from event r
      where r.tenant_id = ${ctx.tenantId} and r.subject_kind = 'customer' and r.subject_id = ${span.customerId}
        and r.type >= 'message.' and r.type < 'message/' and ${span.before(sql`r.occurred_at`, sql`r.id`)}
        and ${span.contactId ? sql`r.payload ->> 'contactId' = ${span.contactId}` : sql`true`}
        and ${span.matches(sql`r.payload ->> 'title'`)}
      order by r.occurred_at desc, r.id desc limit ${span.limit}`,
  ],
  support: [
    (ctx, span) => sql`
      select r.opened_at, r.id, 'support', 'ticket.opened', r.subject, null, null::uuid, array_remove(array[r.contact_id], null),
        jsonb_build_object('priority', r.priority, 'status', r.status, 'externalId', r.external_id, 'source', r.source,
          'resolvedAt', r.resolved_at, 'satisfaction', r.satisfaction)
      from ticket r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and ${span.before(sql`r.opened_at`, sql`r.id`)}
        and ${span.contactId ? sql`r.contact_id = ${span.contactId}::uuid` : sql`true`} and ${span.matches(sql`r.subject`)}
      order by r.opened_at desc, r.id desc limit ${span.limit}`,
  ],
  billing: [
    (ctx, span) => sql`
      select ${startOf(ctx, sql`r.issued_on`)}, r.id, 'billing', 'invoice.issued', r.number, null, null::uuid, '{}'::uuid[],
        jsonb_build_object('day', true, 'amount', r.amount, 'currency', r.currency, 'status', r.status, 'dueOn', r.due_on, 'paidOn', r.paid_on)
      from invoice r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId}
        and ${span.before(startOf(ctx, sql`r.issued_on`), sql`r.id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`r.number`)}
      order by r.issued_on desc, r.id desc limit ${span.limit}`,
    (ctx, span) => sql`
      select r.attempted_at, r.id, 'billing', 'payment.' || lower(r.outcome), null, r.failure_reason, null::uuid, '{}'::uuid[],
        jsonb_build_object('amount', r.amount, 'currency', r.currency, 'method', r.method)
      from payment r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and r.outcome <> 'SUCCEEDED'
        and ${span.before(sql`r.attempted_at`, sql`r.id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`r.failure_reason`)}
      order by r.attempted_at desc, r.id desc limit ${span.limit}`,
    (ctx, span) => sql`
      select ${startOf(ctx, sql`r.occurred_on`)}, r.contract_id, 'billing', 'revenue.' || lower(r.kind), null, null, null::uuid,
        '{}'::uuid[], jsonb_build_object('day', true, 'amount', r.amount, 'currency', r.currency, 'mrrAfter', r.mrr_after)
      from revenue_movement r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and r.occurred_on <= (${ctx.now}::timestamptz at time zone ${zone(ctx)})::date
        and ${span.before(startOf(ctx, sql`r.occurred_on`), sql`r.contract_id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`null::text`)}
      order by r.occurred_on desc, r.contract_id desc limit ${span.limit}`,
  ],
  survey: [
    (ctx, span) => sql`
      select r.answered_at, r.id, 'survey', 'survey.' || lower(r.kind), r.survey, r.comment, null::uuid,
        array_remove(array[r.contact_id], null), jsonb_build_object('score', r.score)
      from survey_answer r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and ${span.before(sql`r.answered_at`, sql`r.id`)}
        and ${span.contactId ? sql`r.contact_id = ${span.contactId}::uuid` : sql`true`}
        and ${span.matches(sql`concat_ws(' ', r.survey, r.comment)`)}
      order by r.answered_at desc, r.id desc limit ${span.limit}`,
  ],
  change: [
    (ctx, span) => sql`
      select r.at, r.id, 'change', 'history.' || r.field, null, r.note, r.actor_id, '{}'::uuid[],
        jsonb_build_object('from', coalesce(before.name, above.name, r.from_value), 'to', coalesce(after.name, beside.name, r.to_value), 'cause', r.cause)
      from customer_history r
      left join lateral (select u.name from member m join app_user u on u.id = m.user_id
        where m.tenant_id = ${ctx.tenantId} and r.field = 'owner' and m.id::text = r.from_value) before on true
      left join lateral (select u.name from member m join app_user u on u.id = m.user_id
        where m.tenant_id = ${ctx.tenantId} and r.field = 'owner' and m.id::text = r.to_value) after on true
      left join customer above on above.tenant_id = ${ctx.tenantId} and r.field = 'parent' and above.id = case r.field when 'parent' then r.from_value::uuid end
      left join customer beside on beside.tenant_id = ${ctx.tenantId} and r.field = 'parent' and beside.id = case r.field when 'parent' then r.to_value::uuid end
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and ${span.before(sql`r.at`, sql`r.id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`r.note`)}
      order by r.at desc, r.id desc limit ${span.limit}`,
    (ctx, span) => sql`
      select ${startOf(ctx, sql`r.left_on`)}, r.id, 'change', 'contact.left', r.name, r.title, null::uuid, array[r.id], jsonb_build_object('day', true)
      from contact r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${span.customerId} and r.left_on is not null and r.merged_into is null
        and ${span.before(startOf(ctx, sql`r.left_on`), sql`r.id`)}
        and ${span.contactId ? sql`r.id = ${span.contactId}::uuid` : sql`true`} and ${span.matches(sql`r.name`)}
      order by r.left_on desc, r.id desc limit ${span.limit}`,
    // What is told by a table above is not told twice by its event.
    (ctx, span) => sql`
      select r.occurred_at, r.id, 'change', r.type, r.payload ->> 'title', null, null::uuid, '{}'::uuid[], r.payload
      from event r
      where r.tenant_id = ${ctx.tenantId} and r.subject_kind = 'customer' and r.subject_id = ${span.customerId}
        and r.type <> all(array['customer.owner_changed', 'customer.status_changed', 'customer.tier_changed', 'customer.parent_changed',
          'customer.changed', 'customer.profile_changed', 'customer.churned', 'contact.left', 'communication.created',
          'communication.changed', 'communication.deleted', 'ticket.created', 'ticket.changed', 'ticket.deleted', 'invoice.created',
          'invoice.changed', 'invoice.deleted', 'payment.created', 'payment.changed', 'payment.deleted', 'survey_answer.created',
          'survey_answer.deleted', 'contract.created', 'contract.changed', 'contract.deleted'])
        and not (r.type >= 'usage.' and r.type < 'usage/') and not (r.type >= 'message.' and r.type < 'message/')
        and ${span.before(sql`r.occurred_at`, sql`r.id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`r.payload ->> 'title'`)}
      order by r.occurred_at desc, r.id desc limit ${span.limit}`,
  ],
  // What the product's use says is announced by the modules that work it out.
  product: [
    (ctx, span) => sql`
      select r.occurred_at, r.id, 'product', r.type, null, null, null::uuid, '{}'::uuid[], r.payload
      from event r
      where r.tenant_id = ${ctx.tenantId} and r.subject_kind = 'customer' and r.subject_id = ${span.customerId}
        and r.type >= 'usage.' and r.type < 'usage/' and ${span.before(sql`r.occurred_at`, sql`r.id`)}
        and ${span.contactId ? sql`false` : sql`true`} and ${span.matches(sql`r.payload::text`)}
      order by r.occurred_at desc, r.id desc limit ${span.limit}`,
  ],
}
