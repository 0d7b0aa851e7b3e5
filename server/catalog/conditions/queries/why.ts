import type { Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { Condition } from '../contract.ts'
import { compileToFunction, type Kinds, type LoadedRecord, type Test } from '../evaluate.ts'
import { type Explanation, explain } from '../explain.ts'
import { factsOf } from '../facts.ts'
import { loadRecords } from './load.ts'
import { type ConditionVocabulary, vocabularyOf } from './vocabulary.ts'

/** How the fields of a company are compared. */
function kindsOf({ fields }: ConditionVocabulary): Kinds {
  return (record, field) => fields[record].get(field)?.kind ?? 'text'
}

/** A condition as a function on loaded records. */
export function testOf(vocabulary: ConditionVocabulary, record: RecordKind, condition: Condition): Test {
  return compileToFunction(condition, record, kindsOf(vocabulary), vocabulary.today)
}

/** What a condition says of one loaded record, part by part. */
export function explanationOf(
  vocabulary: ConditionVocabulary,
  kind: RecordKind,
  condition: Condition,
  record: LoadedRecord,
): Explanation {
  return explain(condition, kind, record, kindsOf(vocabulary), vocabulary.today)
}

/**
 * Why conditions hold for customers, in words: by customer, for each condition its facts; none where it does not hold.
 */
export async function wordedFacts(
  reader: Reader,
  conditions: readonly Condition[],
  ids: readonly string[],
): Promise<Map<string, Words[][]>> {
  const together: Condition = { all: [...conditions] }
  const vocabulary = await vocabularyOf(reader, together)
  const loaded = await loadRecords(reader, vocabulary, 'customer', ids, together)
  const { customer: fields } = vocabulary.fields
  return new Map(
    [...loaded].map(([id, record]) => [
      id,
      conditions.map(each => factsOf(explanationOf(vocabulary, 'customer', each, record), field => fields.get(field))),
    ]),
  )
}
