import type { Condition } from '../contract.ts'
import { compileToFunction, type LoadedRecord, type Test } from '../evaluate.ts'
import { type Explanation, explain } from '../explain.ts'
import type { ConditionVocabulary } from './vocabulary.ts'

/** How the fields of a company are compared. A field of both records is compared alike. */
function kindsOf({ fields }: ConditionVocabulary) {
  return (field: string) => fields.customer.get(field)?.kind ?? fields.contact.get(field)?.kind ?? 'text'
}

/** A condition as a function on loaded records. */
export function testOf(vocabulary: ConditionVocabulary, condition: Condition): Test {
  return compileToFunction(condition, kindsOf(vocabulary), vocabulary.today)
}

/** What a condition says of one loaded record, part by part. */
export function explanationOf(
  vocabulary: ConditionVocabulary,
  condition: Condition,
  record: LoadedRecord,
): Explanation {
  return explain(condition, record, kindsOf(vocabulary), vocabulary.today)
}
