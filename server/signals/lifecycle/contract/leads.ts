import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'

const causes = ['rule', 'person', 'record'] as const

const lead = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  company: z.string().nullable(),
  customerId: z.uuid().nullable(),
  customerName: z.string().nullable(),
  leadScore: z.number().nullable(),
  lifecycleStage: z.string().nullable(),
  since: moment.meta({ description: 'Since when it is there; of a lead in no stage, since when it is known.' }),
  cause: z.enum(causes).nullable(),
  actorName: z.string().nullable(),
})
export type Lead = z.output<typeof lead>

export const listLeads = route({
  method: 'GET',
  path: '/api/v1/automation/lifecycle-leads',
  operation: 'listLifecycleLeads',
  summary: 'Who is in a stage, latest first; without a stage: leads that are in none',
  access: 'customers.read',
  query: pageQuery.extend({ stageId: z.uuid().optional() }),
  reply: pageOf(lead),
})

const move = z.object({
  id: z.uuid(),
  at: moment,
  contactId: z.uuid(),
  contactName: z.string(),
  company: z.string().nullable(),
  from: z.string().nullable(),
  fromNameJa: z.string().nullable(),
  fromNameEn: z.string().nullable(),
  to: z.string().nullable(),
  toNameJa: z.string().nullable(),
  toNameEn: z.string().nullable(),
  cause: z.enum(causes).meta({ description: 'record: somebody or something wrote the contact’s field.' }),
  actorName: z.string().nullable(),
  reason: z.string().nullable(),
  condition: condition.nullable().meta({ description: 'The condition that held.' }),
  leadScore: z.number().nullable().meta({ description: 'At that moment.' }),
  daysBefore: z.number().nullable().meta({ description: 'Days in the stage before.' }),
  passed: z.number().int().meta({ description: 'Stages that were skipped and count as passed.' }),
  acts: z.boolean().meta({ description: 'false: the stage has actions, and they were not carried out for it.' }),
})
export type LifecycleMove = z.output<typeof move>

export const listMoves = route({
  method: 'GET',
  path: '/api/v1/automation/lifecycle-moves',
  operation: 'listLifecycleMoves',
  summary: 'Who moved where, when and why, latest first',
  access: 'customers.read',
  query: pageQuery,
  reply: pageOf(move),
})

export const contactLifecycle = route({
  method: 'GET',
  path: '/api/v1/contacts/:id/lifecycle',
  operation: 'contactLifecycle',
  summary: 'In which stage a contact is, since when, and how it came there',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    stageId: z.uuid().nullable(),
    lifecycleStage: z.string().nullable(),
    since: moment.nullable(),
    moves: z.array(move),
  }),
})

export const moveContact = route({
  method: 'POST',
  path: '/api/v1/contacts/:id/lifecycle-stage',
  operation: 'moveContactToStage',
  summary:
    'Move a contact to a stage by hand; back, or to a lost one, with a reason. For a lead without a customer leads.manage is enough',
  access: 'customers.write',
  orAccess: 'leads.manage',
  params: idParams,
  body: z.strictObject({ stage: z.string().min(1).max(63), reason: line(500).nullable().default(null) }),
  reply: z.object({ moveId: z.uuid() }),
})
