import { z } from 'zod'
import { route } from '../../../platform/http/contract.ts'

const body = z.strictObject({ token: z.string().min(1).max(1_000) })
const action = z.enum(['acknowledge', 'assign', 'snooze', 'approve', 'refuse'])

export const readCardLink = route({
  method: 'POST',
  path: '/api/v1/notice-cards/read',
  operation: 'readCardLink',
  summary: 'What the link of a card would do; changes nothing',
  access: 'customers.read',
  body,
  reply: z.object({ action, title: z.object({ ja: z.string(), en: z.string() }) }),
})

export const pressCardLink = route({
  method: 'POST',
  path: '/api/v1/notice-cards/use',
  operation: 'pressCardLink',
  summary: 'Do what the link of a card says, as the one who is signed in; it works once',
  access: 'customers.read',
  body,
  reply: z.object({ action }),
})
