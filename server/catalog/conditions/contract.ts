import { z } from 'zod'

/** Comparisons by the kind of a field. */
export const operators = {
  text: ['is', 'is_not', 'contains', 'is_set', 'is_empty'],
  one_of: ['in', 'not_in', 'is_set', 'is_empty'],
  many_of: ['in', 'not_in', 'is_set', 'is_empty'],
  number: ['at_least', 'at_most', 'more_than', 'less_than', 'equals', 'is_set', 'is_empty'],
  date: ['before', 'after', 'within_next_days', 'within_last_days', 'more_than_days_ago', 'is_set', 'is_empty'],
  boolean: ['is', 'is_set', 'is_empty'],
} as const
export type FilterKind = keyof typeof operators
export type Operator = (typeof operators)[FilterKind][number]

/** Comparisons of a property of an event, by the JSON that it holds. */
export const propertyOperators = ['is', 'is_not', 'contains', 'at_least', 'at_most', 'is_set', 'is_empty'] as const

const days = z.number().int().min(1).max(3_660)
const times = z.number().int().min(0).max(1_000_000)
const percent = z.number().min(0).max(1_000_000)
const eventName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Name of a track call, `page:` or `screen:` and a name, or `*` for any use.' })

/** A field compared with a value. */
export const comparison = z.strictObject({
  field: z.string().min(1).max(120),
  op: z.enum([...new Set(Object.values(operators).flat())] as [Operator, ...Operator[]]),
  value: z.union([z.string().max(200), z.number(), z.boolean(), z.array(z.string().max(200)).max(100)]).optional(),
})

const property = z.strictObject({
  /** Own keys of the event's properties, joined by dots. */
  property: z.string().min(1).max(120),
  op: z.enum(propertyOperators),
  value: z.union([z.string().max(200), z.number(), z.boolean()]).optional(),
})

/** How often something happened in the last days, today included; without days: ever. */
const behaviour = z.strictObject({
  event: eventName,
  did: z.enum(['at_least', 'at_most', 'exactly', 'never']),
  times: times.optional(),
  /** What is counted: the events, or the days or people that had one. */
  count: z.enum(['events', 'days', 'people']).optional(),
  days: days.optional(),
  where: z.array(property).max(5).optional(),
})

/** When something happened first or last. */
const occasion = z.strictObject({
  event: eventName,
  when: z.enum(['first', 'last']),
  op: z.enum(['before', 'after', 'within_last_days', 'more_than_days_ago']),
  value: z.union([z.iso.date(), z.number().int().min(0).max(36_500)]),
  where: z.array(property).max(5).optional(),
})

/** The number of events in the last days against the days before them. */
const eventChange = z.strictObject({
  event: eventName,
  change: z.enum(['up', 'down']),
  percent,
  days,
  where: z.array(property).max(5).optional(),
})

/** A figure now against what it was so many days ago. */
const metricChange = z.strictObject({
  metric: z.string().min(1).max(120),
  change: z.enum(['up', 'down']),
  by: percent,
  in: z.enum(['percent', 'points']),
  days,
})

export type Comparison = z.output<typeof comparison>
export type PropertyCondition = z.output<typeof property>
export type Behaviour = z.output<typeof behaviour>
export type Occasion = z.output<typeof occasion>
export type EventChange = z.output<typeof eventChange>
export type MetricChange = z.output<typeof metricChange>

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | Comparison
  | Behaviour
  | Occasion
  | EventChange
  | MetricChange
  /** Of a customer: any, all or none of its contacts, or how many of them, meet a condition. */
  | { contacts: 'any' | 'all' | 'none'; where: Condition }
  | { contacts: 'count'; op: 'at_least' | 'at_most' | 'equals'; value: number; where?: Condition | undefined }
  /** Of a contact: what its customer meets. */
  | { customer: Condition }

/** How deep groups may lie in each other, and how many leaves a condition may have. */
export const deepest = 12
export const mostLeaves = 200

/** The one condition language: segments, scorecards, rules, triggers, filters (SEG-1). */
export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).max(50) }),
    z.strictObject({ any: z.array(condition).max(50) }),
    z.strictObject({ not: condition }),
    comparison,
    behaviour,
    occasion,
    eventChange,
    metricChange,
    z.strictObject({ contacts: z.enum(['any', 'all', 'none']), where: condition }),
    z.strictObject({
      contacts: z.literal('count'),
      op: z.enum(['at_least', 'at_most', 'equals']),
      value: times,
      where: condition.optional(),
    }),
    z.strictObject({ customer: condition }),
  ]),
)
