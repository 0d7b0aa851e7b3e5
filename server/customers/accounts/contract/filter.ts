import { z } from 'zod'

/** Comparisons by the kind of a field. */
export const operators = {
  text: ['is', 'is_not', 'contains', 'is_set', 'is_empty'],
  one_of: ['in', 'not_in', 'is_set', 'is_empty'],
  many_of: ['in', 'not_in', 'is_set', 'is_empty'],
  number: ['at_least', 'at_most', 'equals', 'is_set', 'is_empty'],
  date: ['before', 'after', 'within_next_days', 'within_last_days', 'more_than_days_ago', 'is_set', 'is_empty'],
  boolean: ['is', 'is_set', 'is_empty'],
} as const
export type FilterKind = keyof typeof operators
export type Operator = (typeof operators)[FilterKind][number]

const condition = z.object({
  field: z.string().max(80),
  op: z.enum([...new Set(Object.values(operators).flat())] as [Operator, ...Operator[]]),
  value: z.union([z.string().max(200), z.number(), z.boolean(), z.array(z.string().max(200)).max(100)]).optional(),
})
export type Condition = z.output<typeof condition>

/** Conditions that must all hold: the form in which lists, views and bulk changes take them. */
export const filterShape = z.object({ all: z.array(condition).max(30) })

/** Fields of a customer by which lists are filtered, with their kind; `attributes.<key>` stands for the company's own. */
export const customerFilterFields = {
  name: 'text',
  externalId: 'text',
  status: 'one_of',
  tier: 'one_of',
  tierKey: 'one_of',
  ownerId: 'one_of',
  plan: 'one_of',
  segment: 'one_of',
  industry: 'one_of',
  region: 'one_of',
  language: 'one_of',
  currency: 'one_of',
  churnRisk: 'one_of',
  healthLevel: 'one_of',
  healthTrend: 'one_of',
  tags: 'many_of',
  arr: 'number',
  healthScore: 'number',
  churnScore: 'number',
  employeeCount: 'number',
  licenceCount: 'number',
  lifetimeValue: 'number',
  renewalOn: 'date',
  contractStart: 'date',
  contractEnd: 'date',
  churnedOn: 'date',
  lastContactAt: 'date',
  lastSeenAt: 'date',
  createdAt: 'date',
} as const satisfies Record<string, FilterKind>

/** Fields of a contact by which lists are filtered. */
export const contactFilterFields = {
  name: 'text',
  email: 'text',
  externalId: 'text',
  title: 'text',
  role: 'text',
  company: 'text',
  stakeholderRole: 'one_of',
  sentiment: 'one_of',
  lifecycleStage: 'one_of',
  plan: 'one_of',
  language: 'one_of',
  emailConsent: 'one_of',
  emailState: 'one_of',
  tags: 'many_of',
  leadScore: 'number',
  nps: 'number',
  csat: 'number',
  ticketCount: 'number',
  lastSeenAt: 'date',
  lastLoginAt: 'date',
  signedUpAt: 'date',
  leftOn: 'date',
  createdAt: 'date',
} as const satisfies Record<string, FilterKind>
