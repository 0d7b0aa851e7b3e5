import { z } from 'zod'
import { route } from '../../http/contract.ts'

/** Server-sent events: `data: {"type": "member.joined", "subject": "<id>"}`; a page reads again what it shows of the subject. */
export const live = route({
  method: 'GET',
  path: '/api/v1/live',
  operation: 'live',
  summary: 'What happens in the company, as server-sent events',
  access: 'company.read',
  reply: z.string(),
  contentType: 'text/event-stream; charset=utf-8',
})
