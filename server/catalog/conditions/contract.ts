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
export const eventName = z
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

export const property = z.strictObject({
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

/** How deep groups may lie in each other, and how many parts a condition may have. */
const deepest = 12
const mostParts = 200

/** What groups are apart from the conditions in them, and what leaves are: each is known by one key. */
const outlines = {
  all: z.strictObject({ all: z.array(z.unknown()).max(50) }),
  any: z.strictObject({ any: z.array(z.unknown()).max(50) }),
  not: z.strictObject({ not: z.unknown() }),
  field: comparison,
  event: behaviour,
  metric: metricChange,
  contacts: z.strictObject({ contacts: z.enum(['any', 'all', 'none']), where: z.unknown() }),
  customer: z.strictObject({ customer: z.unknown() }),
} as const
const countedContacts = z.strictObject({
  contacts: z.literal('count'),
  op: z.enum(['at_least', 'at_most', 'equals']),
  value: times,
  where: z.unknown().optional(),
})

type Path = (string | number)[]

/** The shape of one part without the conditions in it; undefined where it is none. */
function outlineOf(node: object): z.ZodType | undefined {
  if (Object.hasOwn(node, 'event')) {
    if (Object.hasOwn(node, 'when')) return occasion
    return Object.hasOwn(node, 'change') ? eventChange : behaviour
  }
  if (Object.hasOwn(node, 'contacts') && (node as { contacts: unknown }).contacts === 'count') return countedContacts
  const kind = Object.keys(outlines).find(name => Object.hasOwn(node, name))
  return kind === undefined ? undefined : outlines[kind as keyof typeof outlines]
}

/** The conditions in a group, each with its place. */
function partsOf(node: Record<string, unknown>, path: Path): { node: unknown; path: Path }[] {
  for (const kind of ['all', 'any'] as const) {
    if (Array.isArray(node[kind]))
      return node[kind].map((each, place) => ({ node: each, path: [...path, kind, place] }))
  }
  const kind = ['not', 'customer'].find(name => Object.hasOwn(node, name)) ?? 'where'
  const holds = kind !== 'where' || (Object.hasOwn(node, 'contacts') && node.where !== undefined)
  return holds ? [{ node: node[kind], path: [...path, kind] }] : []
}

const faults = {
  none: {
    ja: `条件には ${Object.keys(outlines).join('、')} のいずれかを指定してください。`,
    en: `A condition has one of ${Object.keys(outlines).join(', ')}.`,
  },
  deep: {
    ja: `条件の入れ子は${deepest}段までです。グループを分けてください。`,
    en: `Groups lie at most ${deepest} deep in each other. Split them up.`,
  },
  many: {
    ja: `一つの条件に含められるのは${mostParts}個までです。セグメントに分けてください。`,
    en: `A condition has at most ${mostParts} parts. Split it into segments.`,
  },
}

/**
 * Checks every part by itself, without recursion: a bomb of nested groups is refused before anything recurses into it,
 * and a fault is told with its own place.
 */
function checkParts(value: unknown, refuse: (path: Path, issue: z.core.$ZodIssue | keyof typeof faults) => void): void {
  const waiting: { node: unknown; path: Path; depth: number }[] = [{ node: value, path: [], depth: 0 }]
  let parts = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path, depth } = next
    parts += 1
    if (parts > mostParts) {
      refuse([], 'many')
      return
    }
    if (depth > deepest) {
      refuse(path.slice(0, 8), 'deep')
      return
    }
    const outline = typeof node === 'object' && node !== null && !Array.isArray(node) ? outlineOf(node) : undefined
    if (!outline) {
      refuse(path, 'none')
      return
    }
    const { error } = outline.safeParse(node, { reportInput: true })
    for (const issue of error?.issues ?? []) refuse([...path, ...(issue.path as Path)], issue)
    if (error) return
    for (const part of partsOf(node as Record<string, unknown>, path).toReversed())
      waiting.push({ ...part, depth: depth + 1 })
  }
}

/** What a condition may be, for documents. */
export const conditionTree: z.ZodType<Condition> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(conditionTree).max(50) }),
      z.strictObject({ any: z.array(conditionTree).max(50) }),
      z.strictObject({ not: conditionTree }),
      comparison,
      behaviour,
      occasion,
      eventChange,
      metricChange,
      z.strictObject({ contacts: z.enum(['any', 'all', 'none']), where: conditionTree }),
      z.strictObject({
        contacts: z.literal('count'),
        op: z.enum(['at_least', 'at_most', 'equals']),
        value: times,
        where: conditionTree.optional(),
      }),
      z.strictObject({ customer: conditionTree }),
    ]),
  )
  .meta({ id: 'Condition' })

/** The one condition language: segments, scorecards, rules, triggers, filters (SEG-1). */
export const condition = z
  .unknown()
  .superRefine((value, check) => {
    checkParts(value, (path, issue) => {
      if (typeof issue === 'string') {
        check.addIssue({ code: 'custom', path, message: faults[issue].en, params: { words: faults[issue] } })
        return
      }
      // Its words are chosen again, in the language of whoever asks.
      const { message: _, ...rest } = issue
      check.addIssue({ ...rest, path } as z.core.$ZodRawIssue)
    })
  })
  .pipe(conditionTree)
