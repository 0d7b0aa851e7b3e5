/** What narrows the list of customers by churn, as it stands in the address. */
export interface ChurnSearch {
  band?: string
  mine?: 'own' | 'team'
  tierKey?: string
  segmentId?: string
  basis?: 'model' | 'rules'
  renewal?: '90'
  risen?: '10'
  search?: string
  sort?: 'at_stake' | 'risen' | 'renewal'
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
const oneOf = <const Choice extends string>(choices: readonly Choice[], value: unknown) =>
  choices.find(each => each === textOf(value))

/** What stands in an address; whatever is none of it is left out. */
export function churnSearchOf(search: Record<string, unknown>): ChurnSearch {
  const found: ChurnSearch = {
    band: textOf(search.band),
    mine: oneOf(['own', 'team'], search.mine),
    tierKey: textOf(search.tierKey),
    segmentId: textOf(search.segmentId),
    basis: oneOf(['model', 'rules'], search.basis),
    renewal: oneOf(['90'], search.renewal),
    risen: oneOf(['10'], search.risen),
    search: textOf(search.search),
    sort: oneOf(['at_stake', 'risen', 'renewal'], search.sort),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
