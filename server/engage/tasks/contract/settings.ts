import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

export const taskRulesItem = z.strictObject({
  leadHot: z.boolean().meta({ description: 'A hot lead makes a task for whom it was given to.' }),
  customerChurned: z.boolean().meta({ description: 'A churned customer makes a task for its CSM.' }),
  escalateDays: z.number().int().min(0).max(90).nullable().meta({
    description: 'Days late after which the assignee’s lead is told; null: nobody is.',
  }),
})
export type TaskSettings = z.output<typeof taskRulesItem>

export const readTaskSettings = route({
  method: 'GET',
  path: '/api/v1/task-settings',
  operation: 'readTaskSettings',
  summary: 'Which rules make tasks, and when a lead is told of late ones',
  access: 'customers.read',
  reply: taskRulesItem,
})

export const changeTaskSettings = route({
  method: 'PUT',
  path: '/api/v1/task-settings',
  operation: 'changeTaskSettings',
  summary: 'Choose which rules make tasks, and when a lead is told of late ones',
  access: 'alerts.manage',
  body: taskRulesItem,
  reply: taskRulesItem,
})
