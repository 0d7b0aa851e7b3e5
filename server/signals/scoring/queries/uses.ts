import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { rulesOf, settingsOf } from './definition.ts'

/** What rules and settings work out. */
export const leadScore = { record: 'contact', id: 'leadScore' } as const

/** What rules of lead scores name, and the condition that says who is a lead. */
export async function scoringUses(reader: Reader): Promise<VocabularyUse[]> {
  const rules = await rulesOf(reader)
  const { lead } = await settingsOf(reader)
  return [
    ...rules.flatMap(({ id, nameJa: ja, nameEn: en, when }) =>
      when.kind === 'attribute'
        ? [
            {
              kind: 'scoring_rule',
              id,
              name: { ja, en },
              ...needsOfAll([when.condition], 'contact'),
              decides: leadScore,
            },
          ]
        : [],
    ),
    ...(lead
      ? [
          {
            kind: 'scoring_settings',
            id: 'lead',
            name: { ja: 'リードとする相手の条件', en: 'Who is a lead' },
            ...needsOfAll([lead], 'contact'),
            decides: leadScore,
          },
        ]
      : []),
  ]
}
