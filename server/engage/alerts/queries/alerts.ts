import { type RawBuilder, sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { isColleague, withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, permissionScope, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { Scope } from '../../../platform/permissions/contract.ts'

/** A condition on the alert `a`: a record scope covers it: one's own, those of one's teams and of nobody, all. */
export function inScope(ctx: Context, scope: Scope | undefined): RawBuilder<boolean> {
  if (scope === undefined) return sql`false`
  if (scope === 'all') return sql`true`
  const self = ctx.actor.id ?? null
  const looksAfter = sql`a.customer_id in (select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)})`
  if (scope === 'own') return sql`(a.owner_id = ${self}::uuid or ${looksAfter})`
  return sql`(a.owner_id is null or ${assignedWithin(ctx, 'team')} or ${looksAfter})`
}

/** A condition on `a`: assigned to the actor, or to a colleague of one of their teams. */
function assignedWithin(ctx: Context, mine: 'own' | 'team'): RawBuilder<boolean> {
  return isColleague(ctx, sql`a.owner_id`, mine)
}

/** A condition on `a`: its customer is one that the actor may see. */
function visible(ctx: Context): RawBuilder<boolean> {
  const scope = requirePermission(ctx, 'customers.read')
  if (scope === 'all') return sql`true`
  return sql`(a.customer_id is null or a.customer_id in (
    select c.id from customer c where c.tenant_id = ${ctx.tenantId} and ${withinReach(ctx, scope)}))`
}

/** The alert `a` of the rule `r` and the customer `k` as the contract's fields. */
function alertFields(ctx: Context): RawBuilder<unknown> {
  return sql`'id', a.id, 'ruleId', a.rule_id, 'ruleKey', r.key, 'ruleName', json_build_object('ja', r.name_ja, 'en', r.name_en),
    'topic', r.topic, 'severity', a.severity, 'state', a.state, 'customerId', a.customer_id, 'customerName', k.name,
    'customerTier', k.tier_key, 'arr', k.arr, 'currency', k.currency, 'ownerId', a.owner_id, 'ownerName', ${memberName(ctx, sql`a.owner_id`)},
    'facts', a.facts, 'value', a.value, 'repeats', a.repeats, 'openedAt', a.opened_at, 'dueAt', a.due_at,
    'clearedAt', a.cleared_at, 'snoozedUntil', a.snoozed_until, 'closedAt', a.closed_at, 'closeReason', a.close_reason,
    'maySnooze', r.may_snooze, 'mayHandle', coalesce(${inScope(ctx, permissionScope(ctx.actor, 'alerts.handle'))}, false)`
}

function from(ctx: Context): RawBuilder<unknown> {
  return sql`from alert a join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = a.rule_id
    left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = a.customer_id`
}

interface AlertList {
  view: 'active' | 'snoozed' | 'closed' | 'all'
  mine?: 'own' | 'team'
  severity?: string
  ruleId?: string
  customerId?: string
  limit: number
  cursor?: string
}

const views = {
  active: sql`a.closed_at is null and a.state <> 'snoozed'`,
  snoozed: sql`a.closed_at is null and a.state = 'snoozed'`,
  closed: sql`a.closed_at is not null`,
  all: sql`true`,
}

/** Alerts by severity and due time; closed ones by when they were closed, latest first. */
export async function alertPage(ctx: Context, { view, limit, cursor, ...filter }: AlertList): Promise<JsonText> {
  const conditions = [sql`a.tenant_id = ${ctx.tenantId}`, views[view], visible(ctx)]
  if (filter.mine) conditions.push(assignedWithin(ctx, filter.mine))
  if (filter.severity) conditions.push(sql`a.severity = ${filter.severity}`)
  if (filter.ruleId) conditions.push(sql`a.rule_id = ${filter.ruleId}::uuid`)
  if (filter.customerId) conditions.push(sql`a.customer_id = ${filter.customerId}::uuid`)
  const after = readCursor(cursor, 3)
  const isClosed = view === 'closed'
  const due = sql`coalesce(a.due_at, 'infinity')`
  if (after && isClosed) conditions.push(sql`(a.closed_at, a.id) < (${after[1]}::timestamptz, ${after[2]}::uuid)`)
  if (after && !isClosed) {
    conditions.push(sql`(a.rank, ${due}, a.id) > (${after[0]}::smallint, ${after[1]}::timestamptz, ${after[2]}::uuid)`)
  }
  const order = isClosed ? sql`a.closed_at desc, a.id desc` : sql`a.rank, ${due}, a.id`
  const { rows } = await sql<{ item: string; rank: number; at: string; id: string }>`
    select json_build_object(${alertFields(ctx)})::text as item, a.rank, (${isClosed ? sql`a.closed_at` : due})::text as at, a.id
    ${from(ctx)} where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const next = last ? cursorOf([last.rank, last.at, last.id]) : null
  return new JsonText(`{"items":[${shown.map(row => row.item).join(',')}],"next":${JSON.stringify(next)}}`)
}

/** One alert with its history. @throws AppError `not_found` */
export async function oneAlert(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${alertFields(ctx)}, 'advice', json_build_object('ja', r.advice_ja, 'en', r.advice_en), 'steps', (
      select coalesce(json_agg(json_build_object('id', s.id, 'at', s.at, 'kind', s.kind, 'actorName', ${memberName(ctx, sql`s.actor_id`)},
        'note', s.note, 'until', s.details ->> 'until', 'reason', s.details ->> 'reason',
        'assigneeName', ${memberName(ctx, sql`(s.details ->> 'owner')::uuid`)}) order by s.at desc, s.kind = 'opened', s.id desc), '[]')
      from alert_step s where s.tenant_id = ${ctx.tenantId} and s.alert_id = a.id))::text as item
    ${from(ctx)} where a.tenant_id = ${ctx.tenantId} and a.id = ${id} and ${visible(ctx)}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** How many alerts are open. */
export async function alertCounts(ctx: Context): Promise<JsonText> {
  const active = sql`a.state <> 'snoozed'`
  const { rows } = await sql<{ item: string }>`
    with shown as materialized (
      select a.rule_id, a.severity, a.state, a.due_at, ${assignedWithin(ctx, 'own')} as own, ${assignedWithin(ctx, 'team')} as team
      from alert a where a.tenant_id = ${ctx.tenantId} and a.closed_at is null and ${visible(ctx)})
    select json_build_object('own', count(*) filter (where ${active} and a.own), 'team', count(*) filter (where ${active} and a.team),
      'all', count(*) filter (where ${active}), 'overdue', count(*) filter (where ${active} and a.due_at < ${ctx.now}),
      'snoozed', count(*) filter (where a.state = 'snoozed'),
      'bySeverity', (select coalesce(json_object_agg(line.severity, line.open), '{}') from (
        select a.severity, count(*) as open from shown a where ${active} group by 1) line),
      'byRule', (select coalesce(json_agg(json_build_object('ruleId', r.id, 'name', json_build_object('ja', r.name_ja, 'en', r.name_en),
          'open', line.open) order by line.open desc, r.name_ja), '[]')
        from (select a.rule_id, count(*) as open from shown a where ${active} group by 1) line
        join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = line.rule_id))::text as item
    from shown a`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
