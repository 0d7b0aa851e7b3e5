import { startOfDay } from '../../../i18n/zoned-day.ts'
import { addDays } from '../../../kit/calendar.ts'

export const outcomes = ['done', 'refused', 'failed'] as const

/** Groups of actions, by the part of their name before the dot. */
export const actionGroups = [
  'session',
  'account',
  'password',
  'second_factor',
  'company',
  'member',
  'invitation',
  'team',
  'api_key',
  'request',
  'audit',
  'job',
  'backup',
  'secrets',
  'customer',
  'contact',
  'contract',
  'attribute',
  'communication',
  'source',
  'webhook',
  'ingest',
] as const

/** What the log is narrowed to, as it stands in the address. */
export interface AuditFilters {
  actor?: string
  group?: (typeof actionGroups)[number]
  outcome?: (typeof outcomes)[number]
  subject?: string
  /** Days, both included, in the company's time zone. */
  from?: string
  to?: string
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const day = /^\d{4}-\d{2}-\d{2}$/

function shaped(value: unknown, shape: RegExp): string | undefined {
  return typeof value === 'string' && shape.test(value) ? value : undefined
}

/** The filters in an address; whatever is none is left out. */
export function auditFiltersOf(search: Record<string, unknown>): AuditFilters {
  const filters = {
    actor: shaped(search.actor, id),
    group: actionGroups.find(each => each === search.group),
    outcome: outcomes.find(each => each === search.outcome),
    subject: shaped(search.subject, id),
    from: shaped(search.from, day),
    to: shaped(search.to, day),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

/** The filters as the API takes them. */
export function auditQuery(filters: AuditFilters, timeZone: string) {
  return {
    actorId: filters.actor,
    action: filters.group && `${filters.group}.`,
    outcome: filters.outcome,
    subjectId: filters.subject,
    from: filters.from && startOfDay(filters.from, timeZone),
    to: filters.to && startOfDay(addDays(filters.to, 1), timeZone),
  }
}
