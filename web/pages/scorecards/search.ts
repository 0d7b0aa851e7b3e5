export const scorecardTabs = ['factors', 'bands', 'preview', 'backtest', 'versions'] as const
export type ScorecardTab = (typeof scorecardTabs)[number]

/** The part of a scorecard in the address; the first one needs none. */
export function scorecardSearchOf(search: Record<string, unknown>): { tab?: ScorecardTab } {
  const tab = scorecardTabs.find(each => each === search.tab)
  return tab && tab !== 'factors' ? { tab } : {}
}
