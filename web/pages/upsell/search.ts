import { upsellKinds, upsellStatuses, upsellTimings } from '../../../server/engage/upsell/contract/opportunities.ts'

/** What narrows the list, as it stands in the address. */
export interface UpsellSearch {
  kind?: (typeof upsellKinds)[number]
  status?: (typeof upsellStatuses)[number]
  timing?: (typeof upsellTimings)[number]
  mine?: 'own'
  search?: string
}

const oneOf = <const Choice extends string>(choices: readonly Choice[], value: unknown) =>
  choices.find(each => each === value)

/** What stands in an address; whatever is none of it is left out. */
export function upsellSearchOf(search: Record<string, unknown>): UpsellSearch {
  const found: UpsellSearch = {
    kind: oneOf(upsellKinds, search.kind),
    status: oneOf(upsellStatuses, search.status),
    timing: oneOf(upsellTimings, search.timing),
    mine: oneOf(['own'], search.mine),
    search: typeof search.search === 'string' || typeof search.search === 'number' ? String(search.search) : undefined,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
