import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { segmentsOf } from './segments.ts'

/** What the conditions of segments name. */
export async function segmentConditionUses(reader: Reader): Promise<VocabularyUse[]> {
  return (await segmentsOf(reader)).flatMap(({ id, name_ja: ja, name_en: en, record, condition, state }) =>
    condition && state !== 'archived'
      ? [{ kind: 'segment', id, name: { ja, en }, ...needsOfAll([condition], record) }]
      : [],
  )
}
