import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { conditionNeeds } from '../../../catalog/conditions/needs.ts'
import { looksAt, vocabularyUses } from '../../../catalog/conditions/queries/uses.ts'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { readyRules } from '../catalog.ts'
import type { ScoringRuleInput, ScoringSettings, updateScoringRule as update } from '../contract/rules.ts'
import { faultOf, rulesOf, type StoredRule, settingsOf, vocabularyFor } from '../queries/definition.ts'
import { leadScore } from '../queries/uses.ts'
import { lockScoring, scoreLeadsNow } from './score.ts'

const most = 100
/** A company with more contacts is scored in the background after a change of rules. */
const mostAtOnce = 20_000

export const scoreAllJob = 'scoring.score_all'

/** Makes a rule and scores the leads anew. @returns its id. @throws AppError `invalid_input`, `conflict` */
export async function createScoringRule(ctx: Context, input: ScoringRuleInput): Promise<string> {
  requirePermission(ctx, 'leads.manage')
  await lockScoring(ctx)
  const id = await insertRule(ctx, await rulesOf(ctx), input)
  await applyChange(ctx)
  return id
}

async function insertRule(ctx: Context, known: readonly StoredRule[], input: ScoringRuleInput): Promise<string> {
  if (known.length >= most) {
    throw new AppError('conflict', {
      ja: `配点ルールは${most}個までです。使っていないものを削除してください。`,
      en: `A company has at most ${most} scoring rules. Delete those that nobody needs.`,
    })
  }
  const id = uuidv7()
  const key = input.key ?? `rule-${id.slice(-12)}`
  if (known.some(rule => rule.key === key)) {
    throw invalidField('body.key', { ja: `キー「${key}」は使われています。`, en: `The key "${key}" is taken.` })
  }
  await admitRule(ctx, input)
  const position = input.position ?? Math.max(0, ...known.map(rule => rule.position)) + 1
  await sql`
    with next as (
      update scoring_settings set last_place = last_place + 1 where tenant_id = ${ctx.tenantId} returning last_place)
    insert into scoring_rule (tenant_id, id, key, name_ja, name_en, state, position, part, points, "when", place, created_by,
      created_at, updated_at)
    select ${ctx.tenantId}, ${id}, ${key}, ${input.nameJa}, ${input.nameEn}, ${input.state}, ${position}, ${input.part},
      ${input.points}, ${JSON.stringify(input.when)}::jsonb, next.last_place,
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now} from next
    returning id`.execute(ctx.tx)
  record(ctx, {
    action: 'scoring_rule.created',
    subject: { kind: 'scoring_rule', id },
    details: { key, part: input.part, points: input.points },
  })
  announce(ctx, { type: 'scoring_rule.created', subject: { kind: 'scoring_rule', id }, payload: { key } })
  return id
}

/** Changes a rule and scores the leads anew. @throws AppError `not_found`, `invalid_input` */
export async function updateScoringRule(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  await lockScoring(ctx)
  const known = (await rulesOf(ctx)).find(rule => rule.id === id)
  if (!known) throw notFound()
  if (input.when) await admitRule(ctx, { when: input.when })
  await sql`
    update scoring_rule set name_ja = coalesce(${input.nameJa ?? null}, name_ja), name_en = coalesce(${input.nameEn ?? null}, name_en),
      state = coalesce(${input.state ?? null}, state), part = coalesce(${input.part ?? null}, part),
      points = coalesce(${input.points ?? null}::smallint, points), position = coalesce(${input.position ?? null}::int, position),
      "when" = coalesce(${input.when ? JSON.stringify(input.when) : null}::jsonb, "when"),
      fault = null, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'scoring_rule.changed',
    subject: { kind: 'scoring_rule', id },
    details: { key: known.key, fields: Object.keys(input) },
  })
  announce(ctx, { type: 'scoring_rule.changed', subject: { kind: 'scoring_rule', id }, payload: { key: known.key } })
  const counts = ['state', 'part', 'points', 'when'] as const
  if (counts.some(name => input[name] !== undefined)) await applyChange(ctx)
}

/** Deletes a rule; what it gave goes. @throws AppError `not_found` */
export async function deleteScoringRule(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  await lockScoring(ctx)
  const { rows } = await sql<{ key: string }>`
    delete from scoring_rule where tenant_id = ${ctx.tenantId} and id = ${id} returning key`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  record(ctx, {
    action: 'scoring_rule.deleted',
    subject: { kind: 'scoring_rule', id },
    details: { key: rows[0].key },
  })
  announce(ctx, { type: 'scoring_rule.deleted', subject: { kind: 'scoring_rule', id }, payload: { key: rows[0].key } })
  await applyChange(ctx)
}

/** Adds the ready-made rules that the company does not have; those whose fields it does not know are passed over. */
export async function addReadyRules(ctx: Context): Promise<{ added: string[]; skipped: string[] }> {
  requirePermission(ctx, 'leads.manage')
  await lockScoring(ctx)
  const added: string[] = []
  const skipped: string[] = []
  const own = new Set((await rulesOf(ctx)).map(({ key }) => key))
  const missing = readyRules.filter(({ key }) => !own.has(key))
  const vocabulary = await vocabularyFor(ctx, missing, null)
  for (const rule of missing) {
    if (faultOf(vocabulary, ctx, rule)) {
      skipped.push(rule.key)
      continue
    }
    await insertRule(ctx, await rulesOf(ctx), { ...rule, state: 'enabled' })
    added.push(rule.key)
  }
  if (added.length > 0) await applyChange(ctx)
  return { added, skipped }
}

/** Keeps the settings and scores the leads anew. @throws AppError `invalid_input` */
export async function putScoringSettings(ctx: Context, input: ScoringSettings): Promise<void> {
  requirePermission(ctx, 'leads.manage')
  await lockScoring(ctx)
  const before = await settingsOf(ctx)
  if (input.lead) await admitLead(ctx, input.lead)
  await checkChannels(ctx, input.channels)
  await sql`
    update scoring_settings set lead = ${input.lead ? JSON.stringify(input.lead) : null}::jsonb, fit_cap = ${input.fitCap},
      engagement_cap = ${input.engagementCap}, hot_at = ${input.hotAt}, assign = ${JSON.stringify(input.assign)}::jsonb,
      notify = ${JSON.stringify(input.notify)}::jsonb, channels = ${input.channels}::text[], updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const changed = (Object.keys(input) as (keyof ScoringSettings)[]).filter(
    name => JSON.stringify(input[name]) !== JSON.stringify(before[name]),
  )
  record(ctx, { action: 'scoring_settings.changed', details: { fields: changed, hotAt: input.hotAt } })
  announce(ctx, { type: 'scoring_settings.changed', payload: { fields: changed } })
  if (changed.some(name => ['lead', 'fitCap', 'engagementCap', 'hotAt'].includes(name))) await applyChange(ctx)
}

/** Scores what a change touches: at once where that is a moment's work, else soon. */
async function applyChange(ctx: Context): Promise<void> {
  const { rows } = await sql<{ many: boolean }>`
    select count(*) > ${mostAtOnce} as many from (
      select 1 from contact where tenant_id = ${ctx.tenantId} limit ${mostAtOnce + 1}) contacts`.execute(ctx.tx)
  if (rows[0]!.many) enqueue(ctx, { name: scoreAllJob, payload: {}, key: 'all' })
  else await scoreLeadsNow(ctx)
}

/** Checks that a rule can be worked out, and not from the score itself. @throws AppError `invalid_input` */
export async function admitRule(ctx: Context, rule: Pick<ScoringRuleInput, 'when'>, path = 'body'): Promise<void> {
  const place = `${path}.when.${rule.when.kind === 'attribute' ? 'condition' : 'where'}`
  if (rule.when.kind === 'attribute') await refuseOwnScore(ctx, rule.when.condition, place)
  const fault = faultOf(await vocabularyFor(ctx, [rule], null), ctx, rule)
  if (fault) throw placed(fault, place)
}

/** The same for the condition that says who is a lead. */
export async function admitLead(ctx: Context, lead: Condition, path = 'body.lead'): Promise<void> {
  await refuseOwnScore(ctx, lead, path)
  const rule = { when: { kind: 'attribute' as const, condition: lead } }
  const fault = faultOf(await vocabularyFor(ctx, [], lead), ctx, rule)
  if (fault) throw placed(fault, path)
}

/** The score may not decide on itself, nor through a segment whose condition looks at it. */
async function refuseOwnScore(ctx: Context, condition: Condition, path: string): Promise<void> {
  const uses = await vocabularyUses(ctx)
  const named = conditionNeeds(condition, 'contact')
  const segment = uses.find(use => named.segments.includes(use.id) && looksAt(uses, use, leadScore))
  if (segment) {
    throw invalidField(path, {
      ja: `セグメント「${segment.name.ja}」は条件にリードスコアを使っているため、配点の条件には使えません。ほかのセグメントを選んでください。`,
      en: `The segment "${segment.name.en}" looks at the lead score, which would then decide on itself. Choose another segment.`,
    })
  }
  if (!looksAt(uses, { ...named, segments: [] }, leadScore)) return
  throw invalidField(path, {
    ja: 'リードスコアは配点の条件に使えません。ほかの項目を選んでください。',
    en: 'The lead score cannot decide on itself. Choose another field.',
  })
}

/** A fault of a condition with its place in this request. */
function placed(fault: AppError, place: string): AppError {
  return new AppError(fault.code, fault.words, {
    faults: fault.faults.map(({ path, message }) => ({ path: path.replace('body.condition', place), message })),
  })
}

async function checkChannels(ctx: Context, keys: readonly string[]): Promise<void> {
  const { rows } = await sql<{ key: string }>`
    select wanted.key from unnest(${keys}::text[]) as wanted (key)
    where not exists (select 1 from notice_channel c where c.tenant_id = ${ctx.tenantId} and c.key = wanted.key)`.execute(
    ctx.tx,
  )
  if (!rows[0]) return
  throw invalidField('body.channels', {
    ja: `チャネル「${rows[0].key}」がありません。通知チャネルの設定を確認してください。`,
    en: `There is no channel "${rows[0].key}". See the notification channels.`,
  })
}
