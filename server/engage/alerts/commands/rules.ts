import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import { conditionFacts } from '../../../catalog/conditions/queries/vocabulary.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { AlertRoute, AlertRuleInput, AlertTrigger, updateAlertRule as update } from '../contract/rules.ts'
import { type Match, wordedFacts } from '../queries/facts.ts'
import { matchingOf } from '../queries/matching.ts'
import { lockRule } from '../queries/rules.ts'
import { evaluateRule } from './evaluate.ts'

/** Longer than this nobody waits for a preview (ms). */
const patience = 5_000

/**
 * Makes a rule; an enabled one is looked at right away.
 * @returns its id
 * @throws AppError `invalid_input` for conditions that cannot be read, `conflict` for a key that is taken
 */
export async function createAlertRule(ctx: Context, input: AlertRuleInput): Promise<string> {
  requirePermission(ctx, 'alerts.manage')
  const facts = await readFacts(ctx, input.trigger, input.routing)
  const id = uuidv7()
  const key = input.key ?? `rule-${id.slice(-12)}`
  const { rows } = await sql`
    insert into alert_rule (tenant_id, id, key, name_ja, name_en, advice_ja, advice_en, state, severity, topic, trigger, facts,
      due_hours, routing, pace, may_snooze, closes_itself, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, ${input.adviceJa}, ${input.adviceEn}, ${input.state},
      ${input.severity}, ${input.topic}, ${JSON.stringify(input.trigger)}::jsonb, ${facts}::text[], ${input.dueHours},
      ${JSON.stringify(input.routing)}::jsonb, ${input.pace}, ${input.maySnooze}, ${input.closesItself}, ${ctx.actor.id ?? null},
      ${ctx.now}, ${ctx.now})
    on conflict (tenant_id, key) do nothing returning id`.execute(ctx.tx)
  if (rows.length === 0) {
    throw new AppError('conflict', {
      ja: `識別名「${key}」のルールはすでにあります。別の識別名を指定してください。`,
      en: `There is a rule with the key "${key}" already. Choose another one.`,
    })
  }
  if (input.state === 'enabled') await lookAt(ctx, id)
  record(ctx, {
    action: 'alert_rule.created',
    subject: { kind: 'alert_rule', id },
    details: { key, name: input.nameJa },
  })
  announce(ctx, { type: 'alert_rule.created', subject: { kind: 'alert_rule', id }, payload: { key } })
  return id
}

/** Changes a rule. @throws AppError `not_found`, `invalid_input` */
export async function updateAlertRule(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'alerts.manage')
  const known = await lockRule(ctx, id)
  const trigger = input.trigger ?? known.trigger
  const routing = input.routing ?? known.routing
  const facts = await readFacts(ctx, trigger, routing)
  await sql`
    update alert_rule set name_ja = coalesce(${input.nameJa ?? null}, name_ja), name_en = coalesce(${input.nameEn ?? null}, name_en),
      advice_ja = coalesce(${input.adviceJa ?? null}, advice_ja), advice_en = coalesce(${input.adviceEn ?? null}, advice_en),
      state = coalesce(${input.state ?? null}, state), severity = coalesce(${input.severity ?? null}, severity),
      topic = coalesce(${input.topic ?? null}, topic), trigger = ${JSON.stringify(trigger)}::jsonb, facts = ${facts}::text[],
      due_hours = ${input.dueHours === undefined ? known.due_hours : input.dueHours}, routing = ${JSON.stringify(routing)}::jsonb,
      pace = coalesce(${input.pace ?? null}, pace), may_snooze = coalesce(${input.maySnooze ?? null}::boolean, may_snooze),
      closes_itself = coalesce(${input.closesItself ?? null}::boolean, closes_itself), fault = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const state = input.state ?? known.state
  if (state === 'archived') await endAlerts(ctx, id)
  else if (state === 'enabled' && (known.state !== 'enabled' || input.trigger)) await lookAt(ctx, id)
  record(ctx, {
    action: 'alert_rule.changed',
    subject: { kind: 'alert_rule', id },
    details: { fields: Object.keys(input) },
  })
  announce(ctx, { type: 'alert_rule.changed', subject: { kind: 'alert_rule', id }, payload: { key: known.key } })
}

/** Deletes a rule that never opened an alert. @throws AppError `not_found`, `conflict` */
export async function deleteAlertRule(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'alerts.manage')
  const known = await lockRule(ctx, id)
  const { rows } = await sql`select 1 from alert where tenant_id = ${ctx.tenantId} and rule_id = ${id} limit 1`.execute(
    ctx.tx,
  )
  if (rows.length > 0) {
    throw new AppError('conflict', {
      ja: 'このルールにはアラートの履歴があります。削除の代わりにアーカイブしてください。',
      en: 'This rule has a history of alerts. Archive it instead.',
    })
  }
  await sql`delete from alert_rule where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'alert_rule.deleted', subject: { kind: 'alert_rule', id }, details: { key: known.key } })
}

/** For how many a trigger holds now, ten of them, and why. @throws AppError `invalid_input` */
export async function previewTrigger(ctx: Context, trigger: AlertTrigger) {
  requirePermission(ctx, 'alerts.manage')
  if (trigger.kind === 'event') return { count: 0, value: null, samples: [] }
  const matching = await matchingOf(ctx, trigger)
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  const { rows } = await sql<Match & { name: string | null; count: number }>`
    with matching as materialized (${matching})
    select m.id as subject_id, m.value, m.detail, c.name, (select count(*)::int from matching) as count
    from matching m left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = m.id order by c.name, m.id limit 10`.execute(
    ctx.tx,
  )
  const facts = await wordedFacts(ctx, trigger, rows)
  return {
    count: rows[0]?.count ?? 0,
    value: trigger.kind === 'kpi' ? (rows[0]?.value ?? null) : null,
    samples: rows.map(({ subject_id: id, name }) => ({ id, name: name ?? '', facts: facts.get(id) ?? [] })),
  }
}

async function lookAt(ctx: Context, id: string): Promise<void> {
  const sums = await evaluateRule(ctx, await lockRule(ctx, id))
  if (sums.opened + sums.closed > 0) announce(ctx, { type: 'alert.changed', payload: sums })
}

/** A rule that is archived ends its episodes. */
async function endAlerts(ctx: Context, ruleId: string): Promise<void> {
  await sql`
    with ended as (
      update alert a set ended_at = ${ctx.now}, closed_at = coalesce(a.closed_at, ${ctx.now}), state = 'closed',
        close_reason = coalesce(a.close_reason, 'rule_archived'), updated_at = ${ctx.now}
      where a.tenant_id = ${ctx.tenantId} and a.rule_id = ${ruleId} and a.ended_at is null
      returning a.id, a.closed_at = ${ctx.now} as now)
    insert into alert_step (tenant_id, id, alert_id, at, kind, actor_id, actor_kind, details)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), ended.id, ${ctx.now}::timestamptz, 'closed', ${ctx.actor.id ?? null}::uuid,
      ${ctx.actor.kind}, jsonb_build_object('reason', 'rule_archived') from ended where ended.now
    on conflict do nothing`.execute(ctx.tx)
  announce(ctx, { type: 'alert.changed', payload: {} })
}

/** What a trigger is worked out from. Refuses conditions that cannot be read. */
async function readFacts(ctx: Context, trigger: AlertTrigger, routing: readonly AlertRoute[]): Promise<FactKind[]> {
  for (const { when } of routing) if (when) await compileCondition(ctx, 'customer', when)
  switch (trigger.kind) {
    case 'condition': {
      await compileCondition(ctx, 'customer', trigger.condition)
      return (await conditionFacts(ctx, 'customer', trigger.condition)).facts
    }
    case 'kpi':
      return kpiFacts[trigger.kpi]
    case 'event':
      return []
    default:
      return ['health']
  }
}

const kpiFacts: Readonly<Record<Extract<AlertTrigger, { kind: 'kpi' }>['kpi'], FactKind[]>> = {
  monthly_churn_rate: ['customer'],
  nps_detractors_7: ['surveys'],
  mean_health: ['health'],
  overdue_invoices: ['billing'],
}
