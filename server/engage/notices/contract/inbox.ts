import { z } from 'zod'
import { moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { severity, topic, words } from './shapes.ts'

const notice = z.object({
  id: z.uuid(),
  topic,
  severity,
  title: words,
  text: words,
  link: z.string(),
  createdAt: moment,
  readAt: moment.nullable(),
})

export const listNotices = route({
  method: 'GET',
  path: '/api/v1/notices',
  operation: 'listNotices',
  summary: 'What one was told, latest first',
  access: 'company.read',
  query: pageQuery.extend({ unread: z.stringbool().optional() }),
  reply: pageOf(notice),
})

export const readNotices = route({
  method: 'POST',
  path: '/api/v1/notices/read',
  operation: 'readNotices',
  summary: 'Mark notices as read: some, or all',
  access: 'company.read',
  body: z.strictObject({ ids: z.array(z.uuid()).max(500).optional() }),
  reply: z.object({ read: z.number().int() }),
})
