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
const propertyOperators = ['is', 'is_not', 'contains', 'at_least', 'at_most', 'is_set', 'is_empty'] as const

const days = z.number().int().min(1).max(3_660)
const times = z.number().int().min(0).max(1_000_000)
const percent = z.number().min(0).max(1_000_000)
const eventName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Name of a track call, `page:` or `screen:` and a name, or `*` for any use.' })

/** A field compared with a value. */
const comparison = z.strictObject({
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
const deepest = 12
const mostLeaves = 200
const kinds = ['all', 'any', 'not', 'field', 'event', 'metric', 'contacts', 'customer']

/**
 * What of a condition's outline cannot be read: walked without recursion, so that a bomb of nested groups is refused
 * before anything recurses into it.
 */
function outlineFault(value: unknown): { path: (string | number)[]; message: string } | undefined {
  const waiting: { node: unknown; path: (string | number)[] }[] = [{ node: value, path: [] }]
  let leaves = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path } = next
    if (typeof node !== 'object' || node === null || Array.isArray(node))
      return { path, message: 'a condition is an object' }
    const kind = kinds.find(name => Object.hasOwn(node, name))
    if (kind === undefined) return { path, message: `a condition has one of: ${kinds.join(', ')}` }
    if (path.length > deepest * 2)
      return { path: path.slice(0, 8), message: `groups lie at most ${deepest} deep in each other` }
    const inner = (node as Record<string, unknown>)[kind]
    if ((kind === 'all' || kind === 'any') && Array.isArray(inner)) {
      for (const [place, each] of inner.entries()) waiting.push({ node: each, path: [...path, kind, place] })
    } else if (kind === 'not' || kind === 'customer') {
      waiting.push({ node: inner, path: [...path, kind] })
    } else if (kind === 'contacts' && 'where' in node && node.where !== undefined) {
      waiting.push({ node: node.where, path: [...path, 'where'] })
    }
    leaves += 1
    if (leaves > mostLeaves) return { path: [], message: `a condition has at most ${mostLeaves} parts` }
  }
  return undefined
}

const tree: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(tree).max(50) }),
      z.strictObject({ any: z.array(tree).max(50) }),
      z.strictObject({ not: tree }),
      comparison,
      behaviour,
      occasion,
      eventChange,
      metricChange,
      z.strictObject({ contacts: z.enum(['any', 'all', 'none']), where: tree }),
      z.strictObject({
        contacts: z.literal('count'),
        op: z.enum(['at_least', 'at_most', 'equals']),
        value: times,
        where: tree.optional(),
      }),
      z.strictObject({ customer: tree }),
    ]),
  )
  .meta({ id: 'Condition' })

/** The one condition language: segments, scorecards, rules, triggers, filters (SEG-1). */
export const condition = z
  .unknown()
  .superRefine((value, check) => {
    const fault = outlineFault(value)
    if (fault) check.addIssue({ code: 'custom', path: fault.path, message: fault.message })
  })
  .pipe(tree)
