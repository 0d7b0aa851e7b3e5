/** Whose customers are looked at, and which rows, as it stands in the address. */
export interface KpiSearch {
  mine?: 'own' | 'team'
  tierKey?: string
  ownerId?: string
  segmentId?: string
  month?: string
  order?: 'asc'
}

const textOf = (value: unknown, form: RegExp) => (typeof value === 'string' && form.test(value) ? value : undefined)
const id = /^[0-9a-f-]{36}$/

/** What stands in an address; whatever is none of it is left out. */
export function kpiSearchOf(search: Record<string, unknown>): KpiSearch {
  const found: KpiSearch = {
    mine: (['own', 'team'] as const).find(each => each === search.mine),
    tierKey: textOf(search.tierKey, /^[a-z0-9_]{1,40}$/),
    ownerId: textOf(search.ownerId, id),
    segmentId: textOf(search.segmentId, id),
    month: textOf(search.month, /^\d{4}-\d{2}$/),
    order: search.order === 'asc' ? 'asc' : undefined,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
