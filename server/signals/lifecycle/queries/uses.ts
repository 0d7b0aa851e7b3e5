import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { stagesOf } from './stages.ts'

/** What the conditions of stages name. */
export async function stageUses(reader: Reader): Promise<VocabularyUse[]> {
  return (await stagesOf(reader)).flatMap(({ id, name_ja: ja, name_en: en, condition }) =>
    condition ? [{ kind: 'lifecycle_stage', id, name: { ja, en }, ...needsOfAll([condition], 'contact') }] : [],
  )
}
