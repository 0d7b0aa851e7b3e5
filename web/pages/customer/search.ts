/** Parts of a customer's page, in the order of their tabs. */
export const customerTabs = [
  'overview',
  'timeline',
  'health',
  'churn',
  'usage',
  'people',
  'onboarding',
  'tasks',
  'success',
  'billing',
  'tickets',
  'history',
] as const
export type CustomerTab = (typeof customerTabs)[number]

/** The tab in the address; the overview needs none. */
export function customerSearchOf(search: Record<string, unknown>): { tab?: CustomerTab } {
  const tab = customerTabs.find(each => each === search.tab)
  return tab ? { tab } : {}
}
