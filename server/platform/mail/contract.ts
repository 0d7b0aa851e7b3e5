import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../http/contract.ts'

const mailSummary = z.object({
  id: z.uuid(),
  kind: z.string(),
  recipient: z.string(),
  subject: z.string(),
  state: z.enum(['pending', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain', 'kept']),
  lastError: z.string().nullable(),
  createdAt: moment,
})

/** System mails of the whole installation: only administrators of the demo company see them, and only while no SMTP server is set. */
export const listMails = route({
  method: 'GET',
  path: '/api/v1/mails',
  operation: 'listMails',
  summary: 'The development mailbox: mails kept because no SMTP server is set',
  access: 'mailbox.read',
  query: pageQuery,
  reply: pageOf(mailSummary),
})

export const getMail = route({
  method: 'GET',
  path: '/api/v1/mails/:id',
  operation: 'getMail',
  summary: 'One mail of the development mailbox',
  access: 'mailbox.read',
  params: idParams,
  reply: mailSummary.extend({ text: z.string(), html: z.string() }),
})
