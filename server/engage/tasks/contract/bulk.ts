import { z } from 'zod'
import { customerFilter, day } from '../../../customers/accounts/contract/customers.ts'
import { idParams, line, route } from '../../../platform/http/contract.ts'
import { assignment, priority, status, taskInput } from './shapes.ts'

/** A bulk creation makes so many tasks at most. */
export const mostCreated = 10_000

const bulkTask = z
  .strictObject({ ...taskInput, assign: assignment })
  .partial()
  .required({ title: true })

export const bulkCreateTasks = route({
  method: 'POST',
  path: '/api/v1/tasks/bulk-create',
  operation: 'bulkCreateTasks',
  summary: 'Make the same task for many customers: by ids, of a segment, or all that match; dryRun only counts them',
  access: 'tasks.handle',
  body: z.strictObject({
    ids: z.array(z.uuid()).min(1).max(mostCreated).optional(),
    segmentId: z.uuid().optional(),
    matching: customerFilter.optional(),
    task: bulkTask,
    dryRun: z.boolean().default(false),
  }),
  reply: z.object({
    batchId: z.uuid().nullable().meta({ description: 'By it the tasks can be taken back.' }),
    customers: z.number().int().meta({ description: 'Customers that are meant and within reach.' }),
    created: z.number().int(),
    nobody: z.number().int().meta({ description: 'Tasks that have nobody, or would have.' }),
    samples: z.array(z.string()),
  }),
})

export const bulkChangeTasks = route({
  method: 'POST',
  path: '/api/v1/tasks/bulk-change',
  operation: 'bulkChangeTasks',
  summary: 'Assign many tasks, or change their due day, priority or status; those out of reach stay as they are',
  access: 'tasks.handle',
  body: z.strictObject({
    ids: z.array(z.uuid()).min(1).max(1_000),
    assign: assignment.optional(),
    dueOn: day.nullable().optional(),
    priority: priority.optional(),
    status: status.optional(),
    reason: line(500).nullable().optional(),
  }),
  reply: z.object({
    batchId: z.uuid().nullable().meta({ description: 'By it the change can be taken back.' }),
    changed: z.number().int(),
    unchanged: z.number().int().meta({ description: 'Out of reach, gone, or so already.' }),
  }),
})

export const undoTasks = route({
  method: 'DELETE',
  path: '/api/v1/tasks/batches/:id',
  operation: 'undoTasks',
  summary: 'Take one’s own bulk creation or bulk change back; what somebody changed since stays',
  access: 'tasks.handle',
  params: idParams,
  reply: z.object({ changed: z.number().int() }),
})
