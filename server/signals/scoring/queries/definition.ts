import { sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileWith } from '../../../catalog/conditions/queries/sql.ts'
import { type ConditionVocabulary, vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { RuleWhen, ScorePart, ScoringSettings } from '../contract/rules.ts'
import { behaviourCondition, scoringNeeds } from '../score.ts'

export interface StoredRule {
  id: string
  key: string
  nameJa: string
  nameEn: string
  state: 'enabled' | 'paused'
  position: number
  part: ScorePart
  points: number
  when: RuleWhen
  place: number
  fault: string | null
}

export interface StoredSettings extends ScoringSettings {
  lastAssignee: string | null
  lastPlace: number
  scoredAt: Date | null
}

/** How a company scores its leads. */
export interface Definition {
  /** Those that count: enabled, and able to be worked out. */
  rules: StoredRule[]
  settings: StoredSettings
  vocabulary: ConditionVocabulary
  /** Why nobody can say who is a lead: the condition names what is not there any more. */
  fault: string | null
}

const presets = { lead: null, fitCap: 50, engagementCap: 50, hotAt: 80, assign: [], notify: [], channels: [] }

/** All rules of a company, in their order. */
export async function rulesOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`
    select id, key, name_ja as "nameJa", name_en as "nameEn", state, position, part, points, "when", place, fault
    from scoring_rule where tenant_id = ${reader.tenantId} order by position, place`.execute(reader.tx)
  return rows
}

/** The settings of a company; where it has none, those that the product has. */
export async function settingsOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredSettings> {
  const { rows } = await sql<StoredSettings>`
    select lead, fit_cap as "fitCap", engagement_cap as "engagementCap", hot_at as "hotAt", assign, notify, channels,
      last_assignee as "lastAssignee", last_place as "lastPlace", scored_at as "scoredAt"
    from scoring_settings where tenant_id = ${reader.tenantId}`.execute(reader.tx)
  return rows[0] ?? { ...presets, lastAssignee: null, lastPlace: 0, scoredAt: null }
}

/** What a rule asks, in the condition language. */
function asks({ when }: Pick<StoredRule, 'when'>): Condition {
  return when.kind === 'attribute' ? when.condition : behaviourCondition(when)
}

/** What it takes to compile rules and settings. */
export async function vocabularyFor(
  reader: Reader,
  rules: readonly Pick<StoredRule, 'when'>[],
  lead: Condition | null,
): Promise<ConditionVocabulary> {
  return vocabularyOf(reader, { all: [scoringNeeds(rules), ...(lead ? [lead] : [])] })
}

/** Why a rule cannot be worked out; undefined where it can. */
export function faultOf(
  vocabulary: ConditionVocabulary,
  reader: Pick<Reader, 'tenantId'>,
  rule: Pick<StoredRule, 'when'>,
): AppError | undefined {
  try {
    compileWith(vocabulary, reader, 'contact', asks(rule))
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  return undefined
}

/** How the company scores now. Rules that name what is not there any more are left out, and their fault is kept. */
export async function definitionOf(ctx: Context): Promise<Definition> {
  const [all, settings] = [await rulesOf(ctx), await settingsOf(ctx)]
  const enabled = all.filter(({ state }) => state === 'enabled')
  const vocabulary = await vocabularyFor(ctx, enabled, settings.lead)
  const rules: StoredRule[] = []
  for (const rule of enabled) {
    const fault = faultOf(vocabulary, ctx, rule)?.words[ctx.locale] ?? null
    if (fault === null) rules.push(rule)
    if (fault === rule.fault) continue
    await sql`
      update scoring_rule set fault = ${fault} where tenant_id = ${ctx.tenantId} and id = ${rule.id}`.execute(ctx.tx)
  }
  return { rules, settings, vocabulary, fault: leadFault(ctx, vocabulary, settings) }
}

function leadFault(
  ctx: Pick<Context, 'tenantId' | 'locale'>,
  vocabulary: ConditionVocabulary,
  { lead: condition }: Pick<StoredSettings, 'lead'>,
): string | null {
  if (condition === null) return null
  return faultOf(vocabulary, ctx, { when: { kind: 'attribute', condition } })?.words[ctx.locale] ?? null
}

/** The settings as the API shows them. */
export async function getScoringSettings(ctx: Context) {
  const { lastAssignee: _, lastPlace: __, scoredAt, ...settings } = await settingsOf(ctx)
  const vocabulary = await vocabularyFor(ctx, [], settings.lead)
  const fault = leadFault(ctx, vocabulary, settings)
  return { ...settings, scoredAt: scoredAt?.toISOString() ?? null, fault }
}
