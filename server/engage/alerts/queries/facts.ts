import { wordedFacts as wordedConditions } from '../../../catalog/conditions/queries/why.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { AlertTrigger } from '../contract/rules.ts'
import { eventFacts, kpiFacts, type ScoreDetail, scoreFacts } from '../words.ts'

/** A subject for which a trigger holds, as its statement gives it. */
export interface Match {
  subject_id: string
  value: number | null
  detail: Record<string, unknown> | null
}

/** Why a trigger holds for its subjects, in words, by subject. */
export async function wordedFacts(
  ctx: Context,
  trigger: AlertTrigger,
  matches: readonly Match[],
): Promise<Map<string, Words[]>> {
  if (trigger.kind === 'condition') return conditionFacts(ctx, trigger, matches)
  return new Map(
    matches.map(match => [match.subject_id, factsOfMatch(trigger, match.value ?? 0, match.detail ?? {})] as const),
  )
}

function factsOfMatch(
  trigger: Exclude<AlertTrigger, { kind: 'condition' }>,
  value: number,
  detail: Record<string, unknown>,
): Words[] {
  if (trigger.kind === 'kpi') return kpiFacts(trigger, value, (detail.of as Words | undefined) ?? null)
  if (trigger.kind === 'event') return eventFacts(trigger.type, detail)
  return scoreFacts(trigger, detail as unknown as ScoreDetail)
}

async function conditionFacts(
  ctx: Context,
  { condition }: Extract<AlertTrigger, { kind: 'condition' }>,
  matches: readonly Match[],
): Promise<Map<string, Words[]>> {
  const ids = matches.map(match => match.subject_id)
  const worded = await wordedConditions(ctx, [condition], ids)
  return new Map([...worded].map(([id, facts]) => [id, facts[0]!]))
}
