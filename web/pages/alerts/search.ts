const views = ['active', 'snoozed', 'closed', 'all'] as const
const severities = ['critical', 'high', 'medium', 'low'] as const

/** The address of the inbox: what is shown, and the alert that is open beside it. */
export interface AlertsSearch {
  view?: (typeof views)[number]
  mine?: 'own' | 'team' | 'all'
  severity?: (typeof severities)[number]
  rule?: string
  open?: string
}

const idOf = (value: unknown) => (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined)

/** What stands in an address; whatever is none of it is left out. */
export function alertsSearchOf(search: Record<string, unknown>): AlertsSearch {
  const found: AlertsSearch = {
    view: views.find(each => each === search.view),
    mine: (['own', 'team', 'all'] as const).find(each => each === search.mine),
    severity: severities.find(each => each === search.severity),
    rule: idOf(search.rule),
    open: idOf(search.open),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
