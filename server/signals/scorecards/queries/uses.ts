import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardsOf } from './cards.ts'

/** What scorecards name: as they count now, and as their draft would. */
export async function scorecardUses(reader: Reader): Promise<VocabularyUse[]> {
  const cards = (await cardsOf(reader)).filter(({ state }) => state !== 'archived')
  return cards.map(({ id, name_ja: ja, name_en: en, condition, definition, draft }) => {
    const parts = [definition, draft].filter(part => part !== null)
    const conditions = parts.flatMap(part => part.exceptions.map(exception => exception.condition))
    const { fields, segments } = needsOfAll([condition, ...conditions], 'customer')
    const judged = parts.flatMap(judgedFields).map(field => ({ record: 'customer' as const, id: field }))
    return { kind: 'scorecard', id, name: { ja, en }, segments, fields: [...fields, ...judged] }
  })
}

function judgedFields({ factors }: ScorecardDefinition): string[] {
  return factors.flatMap(({ input }) => {
    if ('metric' in input) return [`metrics.${input.metric}`]
    return 'field' in input ? [input.field] : []
  })
}
