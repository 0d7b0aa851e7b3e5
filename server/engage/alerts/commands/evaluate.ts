import { type RawBuilder, sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { notify } from '../../notices/commands/notify.ts'
import type { AlertTrigger } from '../contract/rules.ts'
import { matchingOf } from '../queries/matching.ts'
import { enabledRules, type StoredRule } from '../queries/rules.ts'
import { followEpisodes, openForEvent } from './episodes.ts'
import { assignAndTell } from './tell.ts'

/** What may have changed since the rules were looked at. */
export interface Changed {
  facts: readonly FactKind[]
  /** A statement of the customers whose facts changed; left out: anybody. */
  customers?: RawBuilder<unknown>
}

/**
 * Looks at the enabled rules and opens and closes their alerts. A rule that cannot be worked out any more keeps its
 * alerts and says why.
 * @param changed with it, only the rules that it may touch
 */
export async function evaluateRules(ctx: Context, changed?: Changed): Promise<{ opened: number; closed: number }> {
  if (!changed) await tidy(ctx)
  const sums = { opened: 0, closed: 0 }
  for (const rule of await enabledRules(ctx)) {
    if (changed && !rule.facts.some(kind => changed.facts.includes(kind))) continue
    const { opened, closed } = await evaluateRule(ctx, rule, changed?.customers)
    sums.opened += opened
    sums.closed += closed
  }
  if (sums.opened + sums.closed > 0) announce(ctx, { type: 'alert.changed', payload: sums })
  return sums
}

/** Looks at one rule. @param only a statement of ids of customers to which it keeps */
export async function evaluateRule(
  ctx: Context,
  rule: StoredRule,
  only?: RawBuilder<unknown>,
): Promise<{ opened: number; closed: number }> {
  if (rule.trigger.kind === 'event') return { opened: 0, closed: 0 }
  // A figure of the company has no customers to keep to.
  const kept = rule.trigger.kind === 'kpi' ? undefined : only
  try {
    const matching = await matchingOf(ctx, rule.trigger, kept)
    const { opened, closed } = await followEpisodes(ctx, rule, matching, kept)
    await assignAndTell(ctx, rule, opened)
    await noteEvaluation(ctx, rule.id, null)
    return { opened: opened.length, closed }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await noteEvaluation(ctx, rule.id, error.words[ctx.locale])
    return { opened: 0, closed: 0 }
  }
}

async function noteEvaluation(ctx: Context, ruleId: string, fault: string | null): Promise<void> {
  await sql`
    update alert_rule set evaluated_at = ${ctx.now}, fault = ${fault} where tenant_id = ${ctx.tenantId} and id = ${ruleId}`.execute(
    ctx.tx,
  )
}

/** What time alone does: alerts wake up, and those of customers that were merged into others end. */
async function tidy(ctx: Context): Promise<void> {
  const { rows: woken } = await sql<{
    id: string
    owner_id: string | null
    name_ja: string
    name_en: string
    customer: string | null
    severity: StoredRule['severity']
  }>`
    with woken as (
      update alert a set state = 'open', updated_at = ${ctx.now}
      where a.tenant_id = ${ctx.tenantId} and a.state = 'snoozed' and a.snoozed_until <= ${ctx.now}
      returning a.id, a.owner_id, a.rule_id, a.customer_id, a.severity),
    noted as (
      insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), woken.id, ${ctx.now}::timestamptz, 'woke', 'system' from woken
      on conflict do nothing returning 1)
    select w.id, w.owner_id, w.severity, r.name_ja, r.name_en, k.name as customer from woken w
    join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = w.rule_id
    left join customer k on k.tenant_id = ${ctx.tenantId} and k.id = w.customer_id`.execute(ctx.tx)
  await notify(
    ctx,
    woken
      .filter(({ owner_id }) => owner_id !== null)
      .map(({ id, owner_id, name_ja, name_en, customer, severity }) => ({
        topic: 'handling' as const,
        severity,
        title: {
          ja: `スヌーズ終了: ${name_ja}${customer ? `（${customer}）` : ''}`,
          en: `Snooze over: ${name_en}${customer ? ` (${customer})` : ''}`,
        },
        text: {
          ja: 'スヌーズの期限が来ました。状況を確認してください。',
          en: 'The snooze has ended. Have another look.',
        },
        link: `/alerts?open=${id}`,
        key: `alert:${id}:woke:${ctx.now.toISOString()}`,
        to: { members: [owner_id!] },
      })),
  )
  await sql`
    with merged as (
      update alert a set ended_at = ${ctx.now}, closed_at = coalesce(a.closed_at, ${ctx.now}), state = 'closed',
        close_reason = coalesce(a.close_reason, 'customer_merged'), updated_at = ${ctx.now}
      where a.tenant_id = ${ctx.tenantId} and a.ended_at is null and a.customer_id in (
        select c.id from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is not null)
      returning a.id)
    insert into alert_step (tenant_id, id, alert_id, at, kind, actor_kind, details)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), merged.id, ${ctx.now}::timestamptz, 'closed', 'system',
      jsonb_build_object('reason', 'customer_merged') from merged
    on conflict do nothing`.execute(ctx.tx)
}

/** Opens the alerts of the rules that wait for an event. */
export async function followEvent(
  ctx: Context,
  { type, customerId, payload }: { type: string; customerId: string; payload: Record<string, unknown> },
): Promise<number> {
  let opened = 0
  for (const rule of await enabledRules(ctx)) {
    if (!waitsFor(rule.trigger, type)) continue
    const alerts = await openForEvent(ctx, rule, customerId, payload)
    await assignAndTell(ctx, rule, alerts)
    await noteEvaluation(ctx, rule.id, null)
    opened += alerts.length
  }
  if (opened > 0) announce(ctx, { type: 'alert.changed', payload: { opened, closed: 0 } })
  return opened
}

function waitsFor(trigger: AlertTrigger, type: string): boolean {
  return trigger.kind === 'event' && trigger.type === type
}
