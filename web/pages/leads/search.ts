/** What narrows the leads, as it stands in the address. */
export interface LeadsSearch {
  show?: 'hot' | 'mine'
  search?: string
  stage?: string
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

/** What stands in an address; whatever is none of it is left out. */
export function leadsSearchOf(search: Record<string, unknown>): LeadsSearch {
  const hot = search.hot === true || search.hot === 'true' ? 'hot' : undefined
  const found: LeadsSearch = {
    show: (['hot', 'mine'] as const).find(each => each === search.show) ?? hot,
    search: textOf(search.search),
    stage: textOf(search.stage),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
