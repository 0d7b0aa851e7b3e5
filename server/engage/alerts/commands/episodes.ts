import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Match } from '../queries/facts.ts'
import type { StoredRule } from '../queries/rules.ts'
import { rankOf } from '../severity.ts'

export interface Opened extends Match {
  id: string
  customer_id: string | null
}

/**
 * Follows a rule: opens an alert for each subject for which it holds and that has none open nor asleep, closes those for
 * which it holds no more, keeps their value. One statement for any number of customers; two at a time open one alert.
 * @param matching a statement of `id`, `value`, `detail`
 * @param only a statement of the ids that were looked at; left out: all
 */
export async function followEpisodes(
  ctx: Context,
  rule: StoredRule,
  matching: RawBuilder<unknown>,
  only?: RawBuilder<unknown>,
): Promise<{ opened: Opened[]; closed: number }> {
  const looked = only ? sql`a.subject_id in (${only})` : sql`true`
  const mine = sql`a.tenant_id = ${ctx.tenantId} and a.rule_id = ${rule.id} and a.ended_at is null and ${looked}`
  // IN is answered by a hash whatever the planner thinks of the sizes; joins of two big unknowns are not.
  const holds = sql`a.subject_id in (select m.id from matching m)`
  // One that was closed by hand ends when its rule holds no more: until then the same cause opens no second one.
  const ends = rule.closes_itself ? sql`true` : sql`a.closed_at is not null`
  const { rows } = await sql<Opened & { closed: number }>`
    with matching as materialized (${matching}),
    ended as (
      update alert a set ended_at = ${ctx.now}, closed_at = coalesce(a.closed_at, ${ctx.now}), state = 'closed',
        close_reason = coalesce(a.close_reason, 'condition_ended'), updated_at = ${ctx.now}
      where ${mine} and ${ends} and not ${holds} returning a.id, a.closed_at = ${ctx.now} as now),
    cleared as (
      update alert a set cleared_at = ${ctx.now}, updated_at = ${ctx.now}
      where ${mine} and not (${ends}) and a.closed_at is null and a.cleared_at is null and not ${holds} returning a.id),
    back as (
      update alert a set cleared_at = null
      where ${mine} and a.closed_at is null and a.cleared_at is not null and ${holds} returning 1),
    opened as (${opening(ctx, rule, sql`matching`)}),
    noted as (
      insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind, details)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), line.id, ${ctx.now}::timestamptz, line.kind, 'system', line.details
      from (select ended.id, 'closed' as kind, jsonb_build_object('reason', 'condition_ended') as details from ended where ended.now
        union all select cleared.id, 'cleared', '{}' from cleared
        union all select opened.id, 'opened', '{}' from opened) line
      on conflict do nothing returning 1)
    select opened.id, opened.subject_id, opened.customer_id, null as value, null as detail, 0 as closed from opened
    union all
    select null, m.id, null, m.value, m.detail, 0 from matching m where m.id in (select opened.subject_id from opened)
    union all
    select null, null, null, null, null, (select count(*)::int from ended where ended.now)`.execute(ctx.tx)
  await followValues(ctx, rule)
  const matches = new Map(rows.filter(row => row.id === null).map(row => [row.subject_id, row]))
  const opened = rows
    .filter(row => row.id !== null)
    .map(row => ({ ...row, value: matches.get(row.subject_id)!.value, detail: matches.get(row.subject_id)!.detail }))
  return { opened, closed: rows.find(row => row.subject_id === null)?.closed ?? 0 }
}

/** Open alerts of a score show the score of now. */
async function followValues(ctx: Context, { id, trigger }: StoredRule): Promise<void> {
  if (!trigger.kind.startsWith('score_')) return
  await sql`
    update alert a set value = c.health_score from customer c
    where a.tenant_id = ${ctx.tenantId} and a.rule_id = ${id} and a.closed_at is null
      and c.tenant_id = ${ctx.tenantId} and c.id = a.customer_id and a.value is distinct from c.health_score`.execute(
    ctx.tx,
  )
}

/**
 * Opens an alert for what happened to a customer; where one is open already, it happened again.
 * @param payload of the event
 */
export async function openForEvent(
  ctx: Context,
  rule: StoredRule,
  customerId: string,
  payload: Record<string, unknown>,
): Promise<Opened[]> {
  const { rows: again } = await sql`
    with repeated as (
      update alert a set repeats = a.repeats + 1, updated_at = ${ctx.now}
      where a.tenant_id = ${ctx.tenantId} and a.rule_id = ${rule.id} and a.subject_id = ${customerId} and a.ended_at is null
      returning a.id)
    insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), repeated.id, ${ctx.now}::timestamptz, 'repeated', 'system' from repeated
    on conflict do nothing returning alert_id`.execute(ctx.tx)
  if (again.length > 0) return []
  const { rows } = await sql<Opened>`
    with matching as materialized (
      select c.id, null::float8 as value, ${JSON.stringify(payload)}::jsonb as detail from customer c
      where c.tenant_id = ${ctx.tenantId} and c.id = ${customerId} and c.merged_into is null),
    opened as (${opening(ctx, rule, sql`matching`)}),
    noted as (
      insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), opened.id, ${ctx.now}::timestamptz, 'opened', 'system' from opened
      on conflict do nothing returning 1)
    select opened.id, opened.subject_id, opened.customer_id, m.value, m.detail
    from opened join matching m on m.id = opened.subject_id`.execute(ctx.tx)
  return rows
}

/** Opens alerts for the rows of a statement that have none open, and that nobody put to sleep. */
function opening(ctx: Context, rule: StoredRule, matching: RawBuilder<unknown>): RawBuilder<unknown> {
  const dueAt = rule.due_hours === null ? null : new Date(ctx.now.getTime() + rule.due_hours * 3_600_000)
  return sql`
    insert into alert (tenant_id, id, rule_id, subject_id, customer_id, state, severity, rank, due_at, value, opened_at, updated_at)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), ${rule.id}::uuid, m.id, nullif(m.id, ${ctx.tenantId}::uuid), 'open', ${rule.severity},
      ${rankOf(rule.severity)}::smallint, ${dueAt}::timestamptz, m.value, ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
    from ${matching} m
    where m.id not in (select known.subject_id from alert known where known.tenant_id = ${ctx.tenantId}
        and known.rule_id = ${rule.id} and (known.ended_at is null or known.snoozed_until > ${ctx.now}))
    order by m.id
    on conflict (tenant_id, rule_id, subject_id) where ended_at is null do nothing
    returning id, subject_id, customer_id`
}
