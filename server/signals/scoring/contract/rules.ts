import { z } from 'zod'
import { condition, eventName, property } from '../../../catalog/conditions/contract.ts'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { colleague, portableColleague } from '../../../platform/identity/contract/colleague.ts'

/** Who a lead is, and what it does. */
export const scoreParts = ['fit', 'engagement'] as const
export type ScorePart = (typeof scoreParts)[number]

/** Days that behaviour may look back. */
const mostDays = 730

/** What gives the points: that a condition holds, or each time that something happens. */
const when = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('attribute'), condition }),
  z.strictObject({
    kind: z.literal('behaviour'),
    event: eventName,
    where: z.array(property).max(5).default([]),
    days: z.number().int().min(1).max(mostDays).default(90).meta({ description: 'Days back, today included.' }),
    count: z
      .enum(['events', 'days'])
      .default('events')
      .meta({ description: 'Points for each time, or for each day on which it happened.' }),
    most: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(100)
      .meta({ description: 'So many points at most, counted without their sign.' }),
    halfLifeDays: z
      .number()
      .min(1)
      .max(mostDays)
      .nullable()
      .default(null)
      .meta({ description: 'Days after which a time counts half; null: it counts fully to the end.' }),
  }),
])
export type RuleWhen = z.output<typeof when>
export type BehaviourRule = Extract<RuleWhen, { kind: 'behaviour' }>

const ruleStates = ['enabled', 'paused'] as const

const fields = {
  nameJa: line(100),
  nameEn: line(100),
  state: z.enum(ruleStates),
  part: z.enum(scoreParts),
  points: z
    .number()
    .int()
    .min(-100)
    .max(100)
    .refine(points => points !== 0, { error: '0以外の点数を指定してください。 / Not 0.' }),
  when,
  position: z.number().int().min(0).max(100_000),
}
const newRule = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,60}$/)
    .optional(),
  ...fields,
  state: fields.state.default('enabled'),
  position: fields.position.optional(),
})
export type ScoringRuleInput = z.output<typeof newRule>

/** A rule as it stands in a blueprint; its place in the list is its position where it names none. */
export const scoringRuleItem = newRule.extend({ key: newRule.shape.key.unwrap() })

const rule = z.object({
  id: z.uuid(),
  key: z.string(),
  ...fields,
  points: z.number().int(),
  leads: z.number().int().meta({ description: 'Leads that have points by it now.' }),
  fault: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

const settingsFields = {
  lead: condition.nullable().meta({ description: 'Who is a lead; null: contacts without a customer.' }),
  fitCap: z.number().int().min(1).max(100),
  engagementCap: z.number().int().min(1).max(100),
  hotAt: z.number().int().min(1).max(100),
  assign: z.array(colleague).max(20).meta({ description: 'Hot leads are given to these in turn.' }),
  notify: z.array(colleague).max(20).meta({ description: 'Told as well.' }),
  channels: z.array(z.string().max(61)).max(10).meta({ description: 'Keys of channels that are told.' }),
}
export const scoringSettings = z.strictObject(settingsFields)
export type ScoringSettings = z.output<typeof scoringSettings>

/** The settings as they stand in a blueprint. */
export const scoringSettingsItem = z.strictObject({
  ...settingsFields,
  lead: settingsFields.lead.default(null),
  fitCap: settingsFields.fitCap.default(50),
  engagementCap: settingsFields.engagementCap.default(50),
  hotAt: settingsFields.hotAt.default(80),
  assign: z.array(portableColleague).max(20).default([]),
  notify: z.array(portableColleague).max(20).default([]),
  channels: settingsFields.channels.default([]),
})

const settingsReply = z.object({
  ...settingsFields,
  scoredAt: moment.nullable(),
  fault: z.string().nullable().meta({ description: 'Why nobody can say who is a lead; scores stay as they are.' }),
})

const base = '/api/v1/automation'

export const listScoringRules = route({
  method: 'GET',
  path: `${base}/scoring-rules`,
  operation: 'listScoringRules',
  summary: 'What gives or takes points from leads',
  access: 'customers.read',
  reply: z.object({ items: z.array(rule) }),
})

export const createScoringRule = route({
  method: 'POST',
  path: `${base}/scoring-rules`,
  operation: 'createScoringRule',
  summary: 'Make a rule; leads are scored anew',
  access: 'leads.manage',
  body: newRule,
  status: 201,
  reply: rule,
})

export const getScoringRule = route({
  method: 'GET',
  path: `${base}/scoring-rules/:id`,
  operation: 'getScoringRule',
  summary: 'One rule',
  access: 'customers.read',
  params: idParams,
  reply: rule,
})

export const updateScoringRule = route({
  method: 'PATCH',
  path: `${base}/scoring-rules/:id`,
  operation: 'updateScoringRule',
  summary: 'Change, enable or pause a rule; leads are scored anew',
  access: 'leads.manage',
  params: idParams,
  body: z.strictObject(fields).partial(),
  reply: rule,
})

export const deleteScoringRule = route({
  method: 'DELETE',
  path: `${base}/scoring-rules/:id`,
  operation: 'deleteScoringRule',
  summary: 'Delete a rule; its points go',
  access: 'leads.manage',
  params: idParams,
  reply: null,
})

export const addReadyScoringRules = route({
  method: 'POST',
  path: `${base}/scoring-rules/ready-made`,
  operation: 'addReadyScoringRules',
  summary: 'Add the ready-made rules of lead-growth that the company does not have and whose fields it knows',
  access: 'leads.manage',
  reply: z.object({ added: z.array(z.string()), skipped: z.array(z.string()) }),
})

export const getScoringSettings = route({
  method: 'GET',
  path: `${base}/scoring-settings`,
  operation: 'getScoringSettings',
  summary: 'Who is a lead, how high points reach, and what happens when one gets hot',
  access: 'customers.read',
  reply: settingsReply,
})

export const putScoringSettings = route({
  method: 'PUT',
  path: `${base}/scoring-settings`,
  operation: 'putScoringSettings',
  summary: 'Change them; leads are scored anew',
  access: 'leads.manage',
  body: scoringSettings,
  reply: settingsReply,
})

/** A rule whose points went from some to others. */
export const scoreReason = z.object({
  rule: z.uuid(),
  nameJa: z.string(),
  nameEn: z.string(),
  from: z.number(),
  to: z.number(),
})

const moved = z.object({
  id: z.uuid(),
  name: z.string(),
  company: z.string().nullable(),
  from: z.number().nullable().meta({ description: 'Null: no lead before, or no longer one.' }),
  to: z.number().nullable(),
  reasons: z.array(scoreReason),
})

const tenths = z.array(z.number().int()).length(10).meta({ description: 'Leads by score: 0-9, 10-19 ... 90-100.' })

export const simulateScoring = route({
  method: 'POST',
  path: `${base}/scoring-rules/simulate`,
  operation: 'simulateScoring',
  summary: 'What other rules or settings would do to the leads; nothing is kept',
  access: 'leads.manage',
  body: z.strictObject({
    rules: z
      .array(newRule.extend({ id: z.uuid().optional() }))
      .max(100)
      .optional()
      .meta({ description: 'The whole set as it would be, known rules with their id; left out: as it is.' }),
    settings: scoringSettings.optional(),
  }),
  reply: z.object({
    leads: z.object({ before: z.number().int(), after: z.number().int() }),
    affected: z.number().int(),
    becomeHot: z.number().int(),
    becomeCool: z.number().int(),
    hot: z.object({ before: z.number().int(), after: z.number().int() }),
    mean: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
    distribution: z.object({ before: tenths, after: tenths }),
    moves: z.array(moved),
  }),
})
