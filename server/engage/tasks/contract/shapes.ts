import { z } from 'zod'
import { day } from '../../../customers/accounts/contract/customers.ts'
import { line, moment } from '../../../platform/http/contract.ts'
import { roles } from '../../../platform/permissions/contract.ts'

/** From the most to the least urgent. */
export const priorities = ['urgent', 'high', 'medium', 'low'] as const
export type Priority = (typeof priorities)[number]

const activeStatuses = ['open', 'in_progress', 'waiting'] as const
export const taskStatuses = [...activeStatuses, 'done', 'cancelled'] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** Who made it: a person, a rule, a program, a hot lead, a churned customer, a flow. */
export const taskSources = ['manual', 'rule', 'api', 'lead', 'churn', 'flow'] as const
export type TaskSource = (typeof taskSources)[number]

const linkKinds = ['contact', 'contract', 'ticket', 'alert', 'milestone', 'flow', 'plan', 'review'] as const

/** How a task reaches the customer. */
export const taskContacts = ['call', 'email', 'meeting', 'offer'] as const
export type TaskContact = (typeof taskContacts)[number]

export const status = z.enum(taskStatuses)
export const priority = z.enum(priorities)
export const source = z.enum(taskSources)
export const contact = z
  .enum(taskContacts)
  .meta({ description: 'How it reaches the customer: it then stands in the log of contacts.' })

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'HH:MM in the company’s time zone; without it the whole day is left.' })

const checklistItem = z.strictObject({ id: z.uuid(), text: line(300), done: z.boolean() })
export type ChecklistItem = z.output<typeof checklistItem>

const recurrence = z
  .strictObject({
    every: z.enum(['day', 'week', 'month']),
    interval: z.number().int().min(1).max(52).default(1),
    weekdays: z.array(z.number().int().min(1).max(7)).max(7).optional().meta({
      description: 'Of a week: 1 Monday to 7 Sunday; the weekday of the due day without it.',
    }),
    monthDay: z.number().int().min(1).max(31).optional().meta({
      description: 'Of a month; the last day where the month is shorter; the day of the due day without it.',
    }),
    until: day.optional(),
  })
  .meta({ description: 'Completing the task makes the next one, once. It needs a due day.' })
export type Recurrence = z.output<typeof recurrence>

const link = z.strictObject({ kind: z.enum(linkKinds), id: z.uuid() })
export type TaskLink = z.output<typeof link>

const way = z.enum(['turn', 'load']).default('load')

/** Who gets it: nobody yet, a member, the customer’s CSM, one of a team or of a role (in turn, or who has the fewest open). */
const assignmentTo = <Member extends z.core.$ZodLooseShape, Team extends z.core.$ZodLooseShape>(
  member: Member,
  team: Team,
) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('nobody') }),
    z.strictObject({ kind: z.literal('member'), ...member }),
    z.strictObject({ kind: z.literal('owner') }),
    z.strictObject({ kind: z.literal('team'), ...team, by: way }),
    z.strictObject({ kind: z.literal('role'), role: z.enum(roles), by: way }),
  ])
export const assignment = assignmentTo({ id: z.uuid() }, { id: z.uuid() })
/** The same in files: people by their address, teams by their name. */
export const portableAssignment = assignmentTo({ email: z.email() }, { name: line(100) })
export type Assignment = z.output<typeof assignment>

/** What a person or program writes of a task. */
export const taskInput = {
  title: line(200),
  description: z.string().trim().max(10_000).nullable(),
  dueOn: day.nullable(),
  dueTime: clock.nullable(),
  priority,
  checklist: z.array(checklistItem).max(100),
  recurrence: recurrence.nullable(),
  escalateDays: z.number().int().min(0).max(90).nullable().meta({
    description: 'Days late after which a lead is told; null: as the company has set it.',
  }),
  contact: contact.nullable(),
}

export const links = z.array(link).max(20)

export const taskFields = {
  id: z.uuid(),
  title: z.string(),
  customerId: z.uuid().nullable(),
  customerName: z.string().nullable(),
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  dueOn: z.string().nullable(),
  dueTime: z.string().nullable(),
  dueAt: moment.nullable(),
  late: z.boolean(),
  priority,
  status,
  reason: z.string().nullable(),
  items: z.number().int().meta({ description: 'Items of the checklist.' }),
  itemsDone: z.number().int(),
  repeats: z.boolean(),
  source,
  arr: z.number().nullable(),
  currency: z.string().nullable(),
  healthScore: z.number().nullable(),
  renewalOn: z.string().nullable(),
  stake: z.number().meta({ description: 'Revenue × missing health × nearness of the renewal × priority.' }),
  doneAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
  mayChange: z.boolean(),
}

const step = z.object({
  id: z.uuid(),
  at: moment,
  kind: z.enum(['created', 'changed', 'comment', 'reminded', 'escalated', 'undone']),
  actorName: z.string().nullable().meta({ description: 'null: the product, or a program.' }),
  note: z.string().nullable(),
  from: z.record(z.string(), z.unknown()),
  to: z.record(z.string(), z.unknown()),
})

/** One task with everything that is known of it. */
export const wholeTask = z.object({
  ...taskFields,
  description: z.string().nullable(),
  checklist: z.array(checklistItem),
  recurrence: recurrence.nullable(),
  escalateDays: z.number().int().nullable(),
  contact: contact.nullable(),
  createdByName: z.string().nullable(),
  doneByName: z.string().nullable(),
  links: z.array(z.object({ kind: z.enum(linkKinds), id: z.uuid(), name: z.string().nullable() })),
  steps: z.array(step),
})
