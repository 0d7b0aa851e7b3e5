import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import type { filterQuery } from './definition.ts'

/** Which customers a change of many is for. */
export interface Chosen {
  /** As the API takes it: ids, or what all of them match. */
  body: { ids: string[] } | { matching: ReturnType<typeof filterQuery> }
  count: number
  /** Their rows, where each was chosen by itself: what an undo goes back to. */
  rows: readonly Customer[] | undefined
}
