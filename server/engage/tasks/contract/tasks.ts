import { z } from 'zod'
import { day } from '../../../customers/accounts/contract/customers.ts'
import { idParams, line, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import {
  assignment,
  links,
  priority,
  source,
  status,
  taskFields,
  taskInput,
  taskStatuses,
  wholeTask,
} from './shapes.ts'

const base = '/api/v1/tasks'

const task = z.object(taskFields)
export type Task = z.output<typeof task>

export const taskSorts = ['due', 'stake', 'priority', 'changed'] as const

/** What narrows the list of tasks. */
export const taskFilter = z.object({
  view: z.enum(['active', 'done', 'all']).default('active').meta({
    description: 'active: open, in progress or waiting; done: done or cancelled.',
  }),
  mine: z.enum(['own', 'team']).optional().meta({ description: 'Assigned to oneself, or to oneself and one’s teams.' }),
  teamId: z.uuid().optional().meta({ description: 'Assigned to somebody of the team.' }),
  assigneeId: z.uuid().optional(),
  nobodys: z.enum(['true']).optional().meta({ description: 'Assigned to nobody.' }),
  customerId: z.uuid().optional(),
  status: z
    .string()
    .max(100)
    .regex(new RegExp(`^(${taskStatuses.join('|')})(,(${taskStatuses.join('|')}))*$`))
    .optional()
    .meta({ description: 'Statuses with commas, in place of the view.' }),
  dueFrom: day.optional(),
  dueTo: day.optional(),
  late: z.enum(['true']).optional(),
  source: source.optional(),
  priority: priority.optional(),
  q: line(200).optional().meta({ description: 'Part of the title or of the customer’s name.' }),
})
export type TaskFilter = z.output<typeof taskFilter>

export const listTasks = route({
  method: 'GET',
  path: base,
  operation: 'listTasks',
  summary: 'Tasks: filtered, sorted by due time, by what is at stake, by priority or by last change',
  access: 'customers.read',
  query: pageQuery.extend(taskFilter.shape).extend({ sort: z.enum(taskSorts).default('due') }),
  reply: pageOf(task),
})

export const getTask = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getTask',
  summary: 'One task with its checklist, linked records, comments and history',
  access: 'customers.read',
  params: idParams,
  reply: wholeTask,
})

const newTask = z
  .strictObject(taskInput)
  .partial()
  .required({ title: true })
  .extend({
    customerId: z.uuid().nullable().optional(),
    links: links.optional(),
    assign: assignment.optional().meta({ description: 'Oneself without it; a program gives it to nobody.' }),
  })

export const createTask = route({
  method: 'POST',
  path: base,
  operation: 'createTask',
  summary: 'Make a task; of the same key a program makes one task only',
  access: 'tasks.handle',
  body: newTask.extend({ key: line(200).optional() }),
  status: 201,
  reply: wholeTask,
})

export const updateTask = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateTask',
  summary: 'Change a task; what is not named stays. Waiting and cancelled take a reason',
  access: 'tasks.handle',
  params: idParams,
  body: z
    .strictObject(taskInput)
    .partial()
    .extend({
      customerId: z.uuid().nullable().optional(),
      links: links.optional(),
      assign: assignment.optional(),
      status: status.optional(),
      reason: line(500).nullable().optional(),
      tick: z
        .strictObject({ id: z.uuid(), done: z.boolean() })
        .optional()
        .meta({ description: 'One item of the checklist, so that two people can tick at once.' }),
    }),
  reply: wholeTask,
})

export const deleteTask = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteTask',
  summary: 'Delete a task with its history',
  access: 'tasks.handle',
  params: idParams,
  reply: null,
})

export const completeTask = route({
  method: 'POST',
  path: `${base}/:id/complete`,
  operation: 'completeTask',
  summary: 'Mark a task as done; a recurring one makes its next, once',
  access: 'tasks.handle',
  params: idParams,
  reply: z.object({ nextId: z.uuid().nullable() }),
})

export const reopenTask = route({
  method: 'POST',
  path: `${base}/:id/reopen`,
  operation: 'reopenTask',
  summary: 'Open a done or cancelled task again',
  access: 'tasks.handle',
  params: idParams,
  reply: wholeTask,
})

export const commentTask = route({
  method: 'POST',
  path: `${base}/:id/comments`,
  operation: 'commentTask',
  summary: 'Write a comment on a task',
  access: 'tasks.handle',
  params: idParams,
  body: z.strictObject({ text: z.string().trim().min(1).max(5_000) }),
  status: 201,
  reply: z.object({ id: z.uuid() }),
})
