import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

export const countNotices = route({
  method: 'GET',
  path: '/api/v1/notices/count',
  operation: 'countNotices',
  summary: 'How many notices one has not read',
  access: 'company.read',
  reply: z.object({ unread: z.number().int() }),
})
