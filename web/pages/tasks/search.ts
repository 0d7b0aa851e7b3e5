// Written out here: the first page reads addresses and need not bring the contract along.
const priorities = ['urgent', 'high', 'medium', 'low'] as const
const sources = ['manual', 'rule', 'api', 'lead', 'churn', 'flow'] as const
const statuses = ['open', 'in_progress', 'waiting', 'done', 'cancelled', 'closed', 'any'] as const
export const taskViews = ['day', 'list', 'board'] as const
export const taskDues = ['late', 'today', 'week'] as const
export const taskSortings = ['due', 'stake', 'priority', 'changed'] as const

/** The address of the tasks: which view, what narrows it, and the task that is open beside it. */
export interface TasksSearch {
  view?: (typeof taskViews)[number]
  mine?: 'own' | 'team' | 'all'
  /** A status, or all that are closed, or everything; what is open without it. */
  status?: (typeof statuses)[number]
  priority?: (typeof priorities)[number]
  source?: (typeof sources)[number]
  due?: (typeof taskDues)[number]
  team?: string
  customer?: string
  q?: string
  sort?: (typeof taskSortings)[number]
  open?: string
}

const idOf = (value: unknown) => (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined)

function oneOf<Value extends string>(values: readonly Value[], given: unknown): Value | undefined {
  return values.find(each => each === given)
}

/** What stands in an address; whatever is none of it is left out. */
export function tasksSearchOf(search: Record<string, unknown>): TasksSearch {
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q).slice(0, 200) : ''
  const found: TasksSearch = {
    view: oneOf(taskViews, search.view),
    mine: oneOf(['own', 'team', 'all'] as const, search.mine),
    status: oneOf(statuses, search.status),
    priority: oneOf(priorities, search.priority),
    source: oneOf(sources, search.source),
    due: oneOf(taskDues, search.due) ?? (search.late ? 'late' : undefined),
    team: idOf(search.team),
    customer: idOf(search.customer),
    q: q || undefined,
    sort: oneOf(taskSortings, search.sort),
    open: idOf(search.open),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}
