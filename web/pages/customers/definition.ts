import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import { type Customer, customerSorts } from '../../../server/customers/accounts/contract/customers.ts'
import type { SavedView } from '../../../server/customers/views/contract.ts'
import { isWhole } from '../../features/conditions/fields.ts'
import { type CustomersSearch, isCondition } from './search.ts'

export type CustomerSort = (typeof customerSorts)[number]

/** What the table shows. */
export interface Definition {
  filter: readonly Comparison[]
  search: string
  mine: 'own' | 'team' | 'any'
  sort: CustomerSort
  order: 'asc' | 'desc'
  /** Ids of the columns; undefined for the standard ones. */
  columns: readonly string[] | undefined
}

const plain: Definition = { filter: [], search: '', mine: 'any', sort: 'name', order: 'asc', columns: undefined }
const stillHere: Comparison = { field: 'status', op: 'not_in', value: ['CHURNED'] }

/** Views that everybody has. */
export const builtInViews = {
  all: plain,
  mine: { ...plain, mine: 'own' },
  team: { ...plain, mine: 'team' },
  portfolio: {
    ...plain,
    filter: [stillHere],
    sort: 'arr',
    order: 'desc',
    columns: [
      'healthScore',
      'healthChange30',
      'metrics.usage.active_share_30',
      'metrics.usage.active_days_30',
      'metrics.usage.events_change_28',
      'arr',
      'renewalOn',
      'daysLeft',
      'ownerName',
      'openAlerts',
      'signalsHigh',
      'metrics.tickets.open_now',
      'metrics.surveys.nps_score',
      'lastContactAt',
    ],
  },
  renewal: {
    ...plain,
    filter: [{ field: 'renewalOn', op: 'within_next_days', value: 90 }, stillHere],
    sort: 'renewalOn',
  },
  risk: {
    ...plain,
    filter: [{ field: 'healthLevel', op: 'in', value: ['POOR', 'FAIR'] }, stillHere],
    sort: 'healthScore',
  },
  onboarding: { ...plain, filter: [{ field: 'status', op: 'in', value: ['ONBOARDING'] }] },
  quiet: {
    ...plain,
    filter: [{ field: 'lastContactAt', op: 'more_than_days_ago', value: 30 }, stillHere],
    sort: 'lastContactAt',
  },
} as const satisfies Record<string, Definition>
export type BuiltInView = keyof typeof builtInViews
export const builtInNames = Object.keys(builtInViews) as BuiltInView[]

function isBuiltIn(view: string | undefined): view is BuiltInView {
  return view !== undefined && Object.hasOwn(builtInViews, view)
}

const sortOf = (value: unknown) => customerSorts.find(each => each === value)
function conditionsOf(text: string | undefined): readonly Comparison[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    const all = typeof parsed === 'object' && parsed !== null && 'all' in parsed ? parsed.all : []
    return Array.isArray(all) ? all.filter(isCondition) : []
  } catch {
    return []
  }
}

/** What a view shows as it is saved. */
export function viewDefinition(view: string | undefined, saved: readonly SavedView[]): Definition {
  if (isBuiltIn(view)) return builtInViews[view]
  const found = saved.find(each => each.id === view)?.definition
  if (!found) return plain
  return {
    filter: conditionsOf(found.filter),
    search: found.search ?? '',
    mine: found.mine ?? 'any',
    sort: sortOf(found.sort) ?? plain.sort,
    order: found.order ?? plain.order,
    columns: found.columns,
  }
}

/** What the table shows: the view, with what the address says otherwise. */
export function definitionOf(search: CustomersSearch, saved: readonly SavedView[]): Definition {
  const { view, sort, ...changes } = search
  const before = viewDefinition(view, saved)
  return { ...before, ...changes, sort: sortOf(sort) ?? before.sort }
}

/** Whether the table shows something else than its view. */
export function isChanged(search: CustomersSearch, saved: readonly SavedView[]): boolean {
  const before = viewDefinition(search.view, saved)
  return JSON.stringify(definitionOf(search, saved)) !== JSON.stringify(before)
}

/** What a view keeps. */
export function savedForm(definition: Definition): SavedView['definition'] {
  return {
    filter: JSON.stringify({ all: definition.filter }),
    search: definition.search || undefined,
    mine: definition.mine === 'any' ? undefined : definition.mine,
    sort: definition.sort,
    order: definition.order,
    columns: definition.columns ? [...definition.columns] : undefined,
  }
}

/** What narrows the list, as the API takes it. Conditions without a value are not asked for yet. */
export function filterQuery({ filter, search, mine }: Definition) {
  const whole = filter.filter(isWhole)
  return {
    search: search.trim() || undefined,
    mine: mine === 'any' ? undefined : mine,
    filter: whole.length > 0 ? JSON.stringify({ all: whole }) : undefined,
  }
}

/** Whether a person may change a customer: all, or those that they or their team look after. */
export function mayChange(scope: 'own' | 'team' | 'all' | undefined, customer: Customer, memberId: string): boolean {
  // Whose the team's are is known to the server alone; it says so where it is not allowed.
  return scope === 'all' || scope === 'team' || (scope === 'own' && customer.ownerId === memberId)
}
