import { z } from 'zod'
import { moment, pageOf, pageQuery, route } from '../../http/contract.ts'

const filters = z.object({
  actorId: z.uuid().optional(),
  action: z.string().trim().max(80).optional().meta({ description: 'Start of the action’s name, such as `member.`' }),
  outcome: z.enum(['done', 'refused', 'failed']).optional(),
  subjectId: z.uuid().optional(),
  from: moment.optional(),
  to: moment.optional(),
})

const auditEntryShape = z.object({
  sequence: z.number().int(),
  at: moment,
  actor: z.object({
    kind: z.enum(['member', 'api_key', 'system', 'person']),
    id: z.uuid().nullable(),
    name: z.string().nullable(),
  }),
  action: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  subject: z.object({ kind: z.string(), id: z.uuid(), name: z.string().nullable() }).nullable(),
  details: z.record(z.string(), z.json()),
  requestId: z.string(),
  network: z.string().nullable(),
})

export const listAuditEntries = route({
  method: 'GET',
  path: '/api/v1/audit-entries',
  operation: 'listAuditEntries',
  summary: 'What happened, newest first; as far as the reader’s record scope goes',
  access: 'audit.read',
  query: pageQuery.extend(filters.shape),
  reply: pageOf(auditEntryShape),
})

export const exportAuditEntries = route({
  method: 'GET',
  path: '/api/v1/audit-entries/export',
  operation: 'exportAuditEntries',
  summary: 'The audit log as JSON lines, oldest first, with the hash of each line',
  access: 'audit.read',
  query: filters,
  reply: z.string(),
  contentType: 'application/x-ndjson; charset=utf-8',
})

export const verifyAudit = route({
  method: 'GET',
  path: '/api/v1/audit-verification',
  operation: 'verifyAudit',
  summary: 'Recompute the hash chain of the whole log',
  access: 'audit.read',
  reply: z.object({
    lines: z.number().int(),
    intact: z.boolean(),
    firstFault: z.number().int().nullable(),
    fault: z.enum(['missing', 'changed', 'cut']).nullable(),
  }),
})
