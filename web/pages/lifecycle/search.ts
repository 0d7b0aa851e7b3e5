const tabs = ['board', 'funnel', 'moves'] as const

/** The address of the lifecycle: which view, which stage comes first on a phone, and the funnel's period. */
export interface LifecycleSearch {
  tab?: (typeof tabs)[number]
  stage?: string
  from?: string
  to?: string
}

const dayOf = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined)

/** What stands in an address; whatever is none of it is left out. */
export function lifecycleSearchOf(search: Record<string, unknown>): LifecycleSearch {
  const found: LifecycleSearch = {
    tab: tabs.find(each => each === search.tab),
    stage: typeof search.stage === 'string' && /^[0-9a-f-]{36}$/.test(search.stage) ? search.stage : undefined,
    from: dayOf(search.from),
    to: dayOf(search.to),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
