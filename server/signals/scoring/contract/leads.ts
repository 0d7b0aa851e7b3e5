import { z } from 'zod'
import { idParams, moment, pageOf, pageQuery, route } from '../../../platform/http/contract.ts'
import { scoreParts, scoreReason } from './rules.ts'

const reason = z.object({
  rule: z.uuid(),
  nameJa: z.string(),
  nameEn: z.string(),
  points: z.number(),
})

const lead = z.object({
  id: z.uuid().meta({ description: 'Of the contact.' }),
  name: z.string(),
  email: z.string().nullable(),
  title: z.string().nullable(),
  company: z.string().nullable(),
  stage: z.string().nullable(),
  score: z.number(),
  fit: z.number(),
  engagement: z.number(),
  hot: z.boolean(),
  hotSince: moment.nullable(),
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  lastSeenAt: moment.nullable(),
  changedAt: moment,
  /** Against a week ago. */
  change7: z.number().nullable(),
  reasons: z.array(reason).meta({ description: 'The rules that weigh most.' }),
})

const base = '/api/v1/automation/leads'

export const listLeads = route({
  method: 'GET',
  path: base,
  operation: 'listLeads',
  summary: 'Leads, the highest score first, with the rules that weigh most',
  access: 'customers.read',
  query: pageQuery.extend({
    hot: z.enum(['true', 'false']).optional(),
    least: z.coerce.number().min(0).max(100).optional().meta({ description: 'Score at least.' }),
    stage: z.string().max(100).optional(),
    assignee: z.uuid().optional(),
    search: z.string().trim().max(100).optional().meta({ description: 'Name, address or company.' }),
  }),
  reply: pageOf(lead),
})

export const leadStatistics = route({
  method: 'GET',
  path: `${base}/statistics`,
  operation: 'leadStatistics',
  summary: 'How many leads there are, how many are hot, and how scores are spread',
  access: 'customers.read',
  reply: z.object({
    leads: z.number().int(),
    hot: z.number().int(),
    hot7: z.number().int().meta({ description: 'Hot for a week at most.' }),
    mean: z.number().nullable(),
    hotAt: z.number().int(),
    rules: z.number().int().meta({ description: 'Enabled ones.' }),
    scoredAt: moment.nullable(),
    distribution: z.array(z.number().int()).length(10),
    stages: z.array(z.object({ stage: z.string(), leads: z.number().int() })),
  }),
})

export const scoreLeads = route({
  method: 'POST',
  path: `${base}/score`,
  operation: 'scoreLeads',
  summary: 'Score all leads anew at once',
  access: 'leads.manage',
  reply: z.object({
    leads: z.number().int(),
    changed: z.number().int(),
    hot: z.number().int().meta({ description: 'That got hot by this.' }),
    milliseconds: z.number().int(),
  }),
})

const leadScore = z.object({
  isLead: z.boolean(),
  score: z.number().nullable(),
  fit: z.number().nullable(),
  engagement: z.number().nullable(),
  fitCap: z.number().int(),
  engagementCap: z.number().int(),
  hotAt: z.number().int(),
  hotSince: moment.nullable(),
  assigneeId: z.uuid().nullable(),
  assigneeName: z.string().nullable(),
  changedAt: moment.nullable(),
  rules: z.array(
    reason.extend({
      part: z.enum(scoreParts),
      /** How often it happened in the days that count; null for conditions. */
      times: z.number().int().nullable(),
      days: z.number().int().nullable(),
    }),
  ),
  history: z.array(
    z.object({
      at: moment,
      from: z.number().nullable(),
      to: z.number().nullable(),
      hot: z.boolean(),
      reasons: z.array(scoreReason),
    }),
  ),
})

export const getLeadScore = route({
  method: 'GET',
  path: '/api/v1/contacts/:id/lead-score',
  operation: 'getLeadScore',
  summary: 'The score of one lead, rule by rule, and how it moved',
  access: 'customers.read',
  params: idParams,
  reply: leadScore,
})

export const scoreLead = route({
  method: 'POST',
  path: '/api/v1/contacts/:id/lead-score',
  operation: 'scoreLead',
  summary: 'Score one lead anew at once',
  access: 'leads.manage',
  params: idParams,
  reply: leadScore,
})
