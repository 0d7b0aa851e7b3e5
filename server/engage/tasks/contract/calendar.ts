import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'

const base = '/api/v1/tasks/calendar-links'

const calendarLink = z.object({ id: z.uuid(), name: z.string(), createdAt: moment, lastUsedAt: moment.nullable() })

export const listCalendarLinks = route({
  method: 'GET',
  path: base,
  operation: 'listCalendarLinks',
  summary: 'Addresses by which calendars read one’s own tasks',
  access: 'customers.read',
  reply: z.object({ items: z.array(calendarLink) }),
})

export const createCalendarLink = route({
  method: 'POST',
  path: base,
  operation: 'createCalendarLink',
  summary: 'Make an address for a calendar; it is shown once',
  access: 'customers.read',
  body: z.strictObject({ name: line(100) }),
  status: 201,
  reply: z.object({ id: z.uuid(), address: z.string() }),
})

export const revokeCalendarLink = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'revokeCalendarLink',
  summary: 'Make an address useless from now on',
  access: 'customers.read',
  params: idParams,
  reply: null,
})

export const taskCalendar = route({
  method: 'GET',
  path: '/api/v1/tasks/calendar.ics',
  operation: 'taskCalendar',
  summary: 'The open tasks of a member as a calendar (iCalendar), by the secret of their address',
  access: 'public',
  query: z.object({ token: z.string().max(200) }),
  reply: z.string(),
  contentType: 'text/calendar; charset=utf-8',
  limitPerMinute: 60,
})
