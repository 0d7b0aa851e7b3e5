import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { Severity, Topic } from '../../notices/contract/shapes.ts'
import type { AlertRoute, AlertTrigger, ruleStates } from '../contract/rules.ts'

export interface StoredRule {
  id: string
  key: string
  name: Words
  advice: Words
  state: (typeof ruleStates)[number]
  severity: Severity
  topic: Topic
  trigger: AlertTrigger
  facts: FactKind[]
  due_hours: number | null
  routing: AlertRoute[]
  pace: 'now' | 'digest'
  may_snooze: boolean
  closes_itself: boolean
}

const columns = sql`r.id, r.key, jsonb_build_object('ja', r.name_ja, 'en', r.name_en) as name,
  jsonb_build_object('ja', r.advice_ja, 'en', r.advice_en) as advice, r.state, r.severity, r.topic, r.trigger, r.facts,
  r.due_hours, r.routing, r.pace, r.may_snooze, r.closes_itself`

/** The rules that are enabled. */
export async function enabledRules(ctx: Context): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`
    select ${columns} from alert_rule r where r.tenant_id = ${ctx.tenantId} and r.state = 'enabled' order by r.id`.execute(
    ctx.tx,
  )
  return rows
}

/** One rule, locked for a change. @throws AppError `not_found` */
export async function lockRule(ctx: Context, id: string): Promise<StoredRule> {
  const { rows } = await sql<StoredRule>`
    select ${columns} from alert_rule r where r.tenant_id = ${ctx.tenantId} and r.id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

function ruleJson(ctx: Context): RawBuilder<string> {
  return sql`json_build_object('id', r.id, 'key', r.key, 'nameJa', r.name_ja, 'nameEn', r.name_en, 'adviceJa', r.advice_ja,
    'adviceEn', r.advice_en, 'state', r.state, 'severity', r.severity, 'topic', r.topic, 'trigger', r.trigger,
    'dueHours', r.due_hours, 'routing', r.routing, 'pace', r.pace, 'maySnooze', r.may_snooze, 'closesItself', r.closes_itself,
    'open', (select count(*) from alert a where a.tenant_id = ${ctx.tenantId} and a.rule_id = r.id and a.closed_at is null),
    'opened30', (select count(*) from alert a where a.tenant_id = ${ctx.tenantId} and a.rule_id = r.id
      and a.opened_at > ${ctx.now}::timestamptz - interval '30 days'),
    'evaluatedAt', r.evaluated_at, 'fault', r.fault, 'createdAt', r.created_at, 'updatedAt', r.updated_at)::text`
}

/** All rules: enabled ones first, then by severity. */
export async function ruleList(ctx: Context): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${ruleJson(ctx)} as item from alert_rule r where r.tenant_id = ${ctx.tenantId}
    order by array_position(array['enabled', 'draft', 'paused', 'archived'], r.state),
      array_position(array['critical', 'high', 'medium', 'low'], r.severity), r.name_ja, r.id`.execute(ctx.tx)
  return new JsonText(`{"items":[${rows.map(row => row.item).join(',')}]}`)
}

/** @throws AppError `not_found` */
export async function oneRule(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${ruleJson(ctx)} as item from alert_rule r where r.tenant_id = ${ctx.tenantId} and r.id = ${id}`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}
