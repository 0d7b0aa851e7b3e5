import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { colleagueKinds, portableColleagueKinds } from '../../../platform/identity/contract/colleague.ts'
import { scorecardDefinition } from '../../../signals/scorecards/contract/definition.ts'
import { severity, topic } from '../../notices/contract/shapes.ts'

/** Figures over the whole company that rules can watch. */
export const alertKpis = ['monthly_churn_rate', 'nps_detractors_7', 'mean_health', 'overdue_invoices'] as const
/** What happens to a customer and can open an alert. */
export const alertEvents = [
  'payment.failed',
  'customer.churned',
  'customer.status_changed',
  'customer.owner_changed',
  'customer.tier_changed',
  'health.band_changed',
  'onboarding.warning',
  'onboarding.behind',
  'onboarding.stuck',
  'onboarding.completed',
] as const

const score = z.number().min(0).max(100)

/** When a rule holds: for a customer, or for the whole company. */
export const alertTrigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('condition'), condition }),
  z.strictObject({ kind: z.literal('score_below'), below: score }),
  z
    .strictObject({
      kind: z.literal('score_fell'),
      points: z.number().min(1).max(100),
      days: z.number().int().min(1).max(365),
      /** More than so many points, instead of at least. */
      over: z.boolean().optional(),
    })
    .meta({ description: 'The score lies at least so many points below its highest value of the last days.' }),
  z.strictObject({ kind: z.literal('score_band'), band: z.string().min(1).max(60) }),
  z.strictObject({
    kind: z.literal('kpi'),
    kpi: z.enum(alertKpis),
    op: z.enum(['more_than', 'at_least', 'less_than', 'at_most']),
    value: z.number().min(-1_000_000_000).max(1_000_000_000),
  }),
  z.strictObject({ kind: z.literal('event'), type: z.enum(alertEvents) }),
])
export type AlertTrigger = z.output<typeof alertTrigger>

/** Who: the customer's CSM, a CS manager of the CSM's team, a member, everybody of a role, everybody of a team. */
const ofCustomer = [
  z.strictObject({ kind: z.literal('owner') }),
  z.strictObject({ kind: z.literal('owner_lead') }),
] as const
export const recipient = z.discriminatedUnion('kind', [...ofCustomer, ...colleagueKinds])
export type AlertRecipient = z.output<typeof recipient>

/** The same in files: people by their address, teams by their name. */
export const portableRecipient = z.discriminatedUnion('kind', [...ofCustomer, ...portableColleagueKinds])

const routeTo = <Recipient extends z.ZodType>(whom: Recipient) =>
  z.strictObject({
    /** Customers it is for; null: all that are left. */
    when: condition.nullable(),
    /** The first of these that there is has to see to it; of several people the one with the fewest open alerts. */
    assign: z.array(whom).max(5),
    /** Told as well. */
    notify: z.array(whom).max(10).default([]),
    /** Keys of channels. */
    channels: z.array(z.string().max(61)).max(10).default([]),
  })
const alertRoute = routeTo(recipient)
export type AlertRoute = z.output<typeof alertRoute>

export const ruleStates = ['draft', 'enabled', 'paused', 'archived'] as const

const fields = {
  nameJa: line(100),
  nameEn: line(100),
  adviceJa: z.string().trim().max(1_000),
  adviceEn: z.string().trim().max(1_000),
  state: z.enum(ruleStates),
  severity,
  topic,
  trigger: alertTrigger,
  dueHours: z.number().int().min(1).max(8_760).nullable(),
  routing: z.array(alertRoute).min(1).max(10).meta({ description: 'The first whose customers it is counts.' }),
  pace: z.enum(['now', 'digest']).meta({ description: 'With digest, mails wait for the daily digest.' }),
  maySnooze: z.boolean(),
  closesItself: z.boolean().meta({ description: 'The alert closes when the rule holds no more.' }),
}
const key = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/)
const newRule = z.strictObject({
  key: key.optional(),
  ...fields,
  adviceJa: fields.adviceJa.default(''),
  adviceEn: fields.adviceEn.default(''),
  state: fields.state.exclude(['archived']).default('draft'),
  dueHours: fields.dueHours.default(null),
  routing: fields.routing.default([{ when: null, assign: [{ kind: 'owner' }], notify: [], channels: [] }]),
  pace: fields.pace.default('now'),
  maySnooze: z.boolean().default(true),
  closesItself: z.boolean().default(true),
})
export type NewAlertRule = z.input<typeof newRule>
export type AlertRuleInput = z.output<typeof newRule>

/** A rule as it stands in a blueprint. */
export const alertRuleItem = newRule.extend({
  key,
  state: fields.state.exclude(['archived']).default('enabled'),
  routing: z
    .array(routeTo(portableRecipient))
    .min(1)
    .max(10)
    .default([{ when: null, assign: [{ kind: 'owner' }], notify: [], channels: [] }]),
})

const rule = z.object({
  id: z.uuid(),
  key: z.string(),
  ...fields,
  open: z.number().int(),
  opened30: z.number().int().meta({ description: 'Alerts that it opened in the last 30 days.' }),
  evaluatedAt: moment.nullable(),
  fault: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

export const listAlertRules = route({
  method: 'GET',
  path: '/api/v1/alert-rules',
  operation: 'listAlertRules',
  summary: 'What the company wants to be warned of',
  access: 'customers.read',
  reply: z.object({ items: z.array(rule) }),
})

export const getAlertRule = route({
  method: 'GET',
  path: '/api/v1/alert-rules/:id',
  operation: 'getAlertRule',
  summary: 'One rule',
  access: 'customers.read',
  params: idParams,
  reply: rule,
})

export const createAlertRule = route({
  method: 'POST',
  path: '/api/v1/alert-rules',
  operation: 'createAlertRule',
  summary: 'Make a rule; an enabled one is looked at right away',
  access: 'alerts.manage',
  body: newRule,
  status: 201,
  reply: rule,
})

export const updateAlertRule = route({
  method: 'PATCH',
  path: '/api/v1/alert-rules/:id',
  operation: 'updateAlertRule',
  summary: 'Change a rule, enable, pause or archive it; archiving closes its alerts',
  access: 'alerts.manage',
  params: idParams,
  body: z.strictObject(fields).partial(),
  reply: rule,
})

export const deleteAlertRule = route({
  method: 'DELETE',
  path: '/api/v1/alert-rules/:id',
  operation: 'deleteAlertRule',
  summary: 'Delete a rule that never opened an alert; others are archived',
  access: 'alerts.manage',
  params: idParams,
  reply: null,
})

export const previewAlertRule = route({
  method: 'POST',
  path: '/api/v1/alert-rules/preview',
  operation: 'previewAlertRule',
  summary: 'For how many customers a trigger holds now, ten of them, and what it would say of them',
  access: 'alerts.manage',
  body: z.strictObject({ trigger: alertTrigger }),
  reply: z.object({
    count: z.number().int(),
    value: z.number().nullable().meta({ description: 'Of a figure of the company.' }),
    samples: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        facts: z.array(z.object({ ja: z.string(), en: z.string() })),
      }),
    ),
  }),
})

export const scorecardEffect = route({
  method: 'POST',
  path: '/api/v1/health/scorecards/:id/alerts',
  operation: 'scorecardAlertEffect',
  summary: 'Which alerts would open and close if a changed scorecard counted; changes nothing',
  access: 'health.manage',
  params: idParams,
  body: z.strictObject({ definition: scorecardDefinition }),
  reply: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        name: z.object({ ja: z.string(), en: z.string() }),
        opened: z.number().int(),
        closed: z.number().int(),
      }),
    ),
  }),
})
