import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { severity, topic, words } from '../../notices/contract/shapes.ts'

const alertStates = ['open', 'acknowledged', 'snoozed', 'closed'] as const
const closeReasons = ['resolved', 'condition_ended', 'rule_archived', 'customer_merged'] as const
const stepKinds = [
  'opened',
  'repeated',
  'cleared',
  'acknowledged',
  'assigned',
  'snoozed',
  'woke',
  'note',
  'resolved',
  'reopened',
  'closed',
] as const

const fields = {
  id: z.uuid(),
  ruleId: z.uuid(),
  ruleKey: z.string(),
  ruleName: words,
  topic,
  severity,
  state: z.enum(alertStates),
  customerId: z.uuid().nullable().meta({ description: 'null: it is about the whole company.' }),
  customerName: z.string().nullable(),
  customerTier: z.string().nullable(),
  arr: z.number().nullable(),
  currency: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  facts: z.array(words).meta({ description: 'What caused it, in words.' }),
  value: z.number().nullable(),
  repeats: z.number().int(),
  openedAt: moment,
  dueAt: moment.nullable(),
  clearedAt: moment.nullable().meta({ description: 'Since when the rule holds no more.' }),
  snoozedUntil: moment.nullable(),
  closedAt: moment.nullable(),
  closeReason: z.enum(closeReasons).nullable(),
  maySnooze: z.boolean(),
  mayHandle: z.boolean().meta({ description: 'Whether one may acknowledge, assign, snooze and resolve it.' }),
}
const alert = z.object(fields)
export type Alert = z.output<typeof alert>

const filters = {
  view: z
    .enum(['active', 'snoozed', 'closed', 'all'])
    .default('active')
    .meta({ description: 'active: open and acknowledged ones.' }),
  mine: z.enum(['own', 'team']).optional().meta({ description: 'Assigned to oneself, or to oneself and one’s teams.' }),
  severity: severity.optional(),
  ruleId: z.uuid().optional(),
  customerId: z.uuid().optional(),
}

export const listAlerts = route({
  method: 'GET',
  path: '/api/v1/alerts',
  operation: 'listAlerts',
  summary: 'Alerts: the most severe first, then by due time; closed ones by when they were closed',
  access: 'customers.read',
  query: pageQuery.extend(filters),
  reply: pageOf(alert),
})

const step = z.object({
  id: z.uuid(),
  at: moment,
  kind: z.enum(stepKinds),
  actorName: z.string().nullable().meta({ description: 'null: the product.' }),
  note: z.string().nullable(),
  until: moment.nullable(),
  assigneeName: z.string().nullable(),
  reason: z.enum(closeReasons).nullable(),
})

export const getAlert = route({
  method: 'GET',
  path: '/api/v1/alerts/:id',
  operation: 'getAlert',
  summary: 'One alert with its history',
  access: 'customers.read',
  params: idParams,
  reply: z.object({ ...fields, advice: words, steps: z.array(step) }),
})

const ids = z.array(z.uuid()).min(1).max(500)
const note = z.string().trim().min(1).max(2_000)

const alertAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('acknowledge'), ids }),
  z.strictObject({ action: z.literal('assign'), ids, ownerId: z.uuid().nullable() }),
  z.strictObject({ action: z.literal('snooze'), ids, until: moment, reason: line(500) }),
  z.strictObject({ action: z.literal('wake'), ids }),
  z.strictObject({ action: z.literal('resolve'), ids, note }),
  z.strictObject({ action: z.literal('reopen'), ids }),
])
export type AlertAction = z.output<typeof alertAction>

export const actOnAlerts = route({
  method: 'POST',
  path: '/api/v1/alerts/actions',
  operation: 'actOnAlerts',
  summary:
    'Acknowledge, assign, snooze, wake, resolve or reopen alerts; those that cannot be are named with the reason',
  access: 'alerts.handle',
  body: alertAction,
  reply: z.object({
    changed: z.number().int(),
    skipped: z.array(
      z.object({
        id: z.uuid(),
        reason: z.enum(['not_found', 'closed', 'not_closed', 'same', 'no_snooze', 'open_again']),
      }),
    ),
  }),
})

export const noteOnAlert = route({
  method: 'POST',
  path: '/api/v1/alerts/:id/notes',
  operation: 'noteOnAlert',
  summary: 'Write a note on an alert',
  access: 'alerts.handle',
  params: idParams,
  body: z.strictObject({ text: note }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})
