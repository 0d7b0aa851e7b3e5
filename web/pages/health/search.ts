/** Whose customers are shown, and which way they moved, as it stands in the address. */
export interface HealthSearch {
  mine?: 'own' | 'team'
  moved?: 'up'
}

/** What stands in an address; whatever is none of it is left out. */
export function healthSearchOf(search: Record<string, unknown>): HealthSearch {
  const mine = (['own', 'team'] as const).find(each => each === search.mine)
  return { ...(mine && { mine }), ...(search.moved === 'up' && { moved: 'up' }) }
}
