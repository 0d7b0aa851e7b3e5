import type { JsonValue } from '../../platform/context/context.ts'

/** Values of a record by field; `attribute:key`, `domains`, `tags` and `mrr` beside the columns. */
export type Values = Record<string, JsonValue>

/** What a record is to hold. */
export interface Write {
  id: string
  values: Values
}
