import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Condition } from '../contract.ts'
import { compileToFunction, type Kinds, type LoadedRecord, type Test } from '../evaluate.ts'
import { type Explanation, explain } from '../explain.ts'
import type { ConditionVocabulary } from './vocabulary.ts'

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
