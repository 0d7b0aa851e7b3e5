import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

export const countTasks = route({
  method: 'GET',
  path: '/api/v1/tasks/counts',
  operation: 'countTasks',
  summary: 'How many tasks are open: one’s own, late, due today, those of one’s teams, all; and which day it is',
  access: 'customers.read',
  reply: z.object({
    today: z.string().meta({ description: 'The company’s day.' }),
    own: z.number().int(),
    ownLate: z.number().int(),
    ownToday: z.number().int(),
    team: z.number().int(),
    all: z.number().int(),
  }),
})
