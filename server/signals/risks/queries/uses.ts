import { needsOfAll } from '../../../catalog/conditions/needs.ts'
import type { Reader, VocabularyUse } from '../../../platform/context/vocabulary.ts'
import { signalsOf } from './signals.ts'

/** What the conditions of signals name. */
export async function signalConditionUses(reader: Reader): Promise<VocabularyUse[]> {
  return (await signalsOf(reader)).map(({ id, name_ja: ja, name_en: en, condition }) => ({
    kind: 'risk_signal',
    id,
    name: { ja, en },
    ...needsOfAll([condition], 'customer'),
  }))
}
