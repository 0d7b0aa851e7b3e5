/** Which signals are shown, as it stands in the address. */
export interface RisksSearch {
  level?: 'high' | 'medium' | 'low'
}

/** What stands in an address; whatever is none of it is left out. */
export function risksSearchOf(search: Record<string, unknown>): RisksSearch {
  const level = (['high', 'medium', 'low'] as const).find(each => each === search.level)
  return level ? { level } : {}
}
