import { z } from 'zod'
import { condition } from '../../catalog/conditions/contract.ts'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

const level = z.enum(['high', 'medium', 'low'])
export type RiskLevel = z.output<typeof level>
const state = z.enum(['enabled', 'paused'])
const advice = z.string().max(500)
const key = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/)
const words = z.object({ ja: z.string(), en: z.string() })

/** A signal as it stands in a blueprint. */
export const riskSignalItem = z.strictObject({
  key,
  nameJa: line(100),
  nameEn: line(100),
  level,
  condition,
  adviceJa: advice.default(''),
  adviceEn: advice.default(''),
  state: state.default('enabled'),
})

const newSignal = riskSignalItem.extend({ key: key.optional() })
export type NewSignal = z.output<typeof newSignal>

const signal = z.object({
  id: z.uuid(),
  key: z.string(),
  nameJa: z.string(),
  nameEn: z.string(),
  level,
  condition,
  adviceJa: z.string(),
  adviceEn: z.string(),
  state,
  /** Customers that show it now, and 30 days ago, of those that the reader may see. */
  customers: z.number().int(),
  customersBefore30: z.number().int(),
  /** How often it came and went in the last 30 days. */
  came30: z.number().int(),
  ended30: z.number().int(),
  /** False where the company never had any event that it names: nobody can be judged. */
  judged: z.boolean(),
  events: z.array(z.string()),
  evaluatedAt: moment.nullable(),
  fault: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

const base = '/api/v1/risk-signals'

export const listRiskSignals = route({
  method: 'GET',
  path: base,
  operation: 'listRiskSignals',
  summary: 'Signals of risk with how many customers show each, and the change in 30 days',
  access: 'customers.read',
  query: z.object({ level: level.optional(), state: state.optional() }),
  reply: z.object({
    items: z.array(signal),
    /** Customers that show at least one signal of the level. */
    customers: z.object({ high: z.number().int(), medium: z.number().int(), low: z.number().int() }),
    /** Ready-made signals that the company does not have. */
    readyMade: z.number().int(),
  }),
})

export const createRiskSignal = route({
  method: 'POST',
  path: base,
  operation: 'createRiskSignal',
  summary: 'Make a signal of risk: a condition on customers, of a level',
  access: 'health.manage',
  body: newSignal,
  status: 201,
  reply: signal,
})

export const addReadyMadeSignals = route({
  method: 'POST',
  path: `${base}/ready-made`,
  operation: 'addReadyMadeRiskSignals',
  summary: 'Add the ready-made signals that the company does not have',
  access: 'health.manage',
  reply: z.object({ added: z.number().int() }),
})

export const getRiskSignal = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getRiskSignal',
  summary: 'One signal of risk',
  access: 'customers.read',
  params: idParams,
  reply: signal,
})

export const updateRiskSignal = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateRiskSignal',
  summary: 'Change a signal’s names, level, condition, advice or state; pausing it ends it everywhere',
  access: 'health.manage',
  params: idParams,
  body: z.strictObject({
    nameJa: line(100).optional(),
    nameEn: line(100).optional(),
    level: level.optional(),
    condition: condition.optional(),
    adviceJa: advice.optional(),
    adviceEn: advice.optional(),
    state: state.optional(),
  }),
  reply: signal,
})

export const deleteRiskSignal = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteRiskSignal',
  summary: 'Delete a signal that nothing uses, with its history',
  access: 'health.manage',
  params: idParams,
  reply: null,
})

export const listSignalCustomers = route({
  method: 'GET',
  path: `${base}/:id/customers`,
  operation: 'listRiskSignalCustomers',
  summary: 'Customers that show a signal, the latest first; or at which it ended',
  access: 'customers.read',
  params: idParams,
  query: pageQuery.extend({ show: z.enum(['open', 'ended']).default('open') }),
  reply: pageOf(
    z.object({
      id: z.uuid(),
      name: z.string(),
      ownerName: z.string().nullable(),
      arr: z.number(),
      currency: z.string(),
      healthScore: z.number().nullable(),
      healthLevel: z.enum(['POOR', 'FAIR', 'GOOD', 'EXCELLENT']).nullable(),
      since: moment,
      ended: moment.nullable(),
    }),
  ),
})

export const listCustomerSignals = route({
  method: 'GET',
  path: '/api/v1/customers/:id/risk-signals',
  operation: 'listCustomerRiskSignals',
  summary: 'Which signals a customer shows, since when and why, and which ended lately',
  access: 'customers.read',
  params: idParams,
  reply: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        key: z.string(),
        nameJa: z.string(),
        nameEn: z.string(),
        level,
        adviceJa: z.string(),
        adviceEn: z.string(),
        since: moment,
        facts: z.array(words),
      }),
    ),
    ended: z.array(
      z.object({ id: z.uuid(), nameJa: z.string(), nameEn: z.string(), level, since: moment, ended: moment }),
    ),
  }),
})
