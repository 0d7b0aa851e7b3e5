import { z } from 'zod'
import { condition } from '../../catalog/conditions/contract.ts'
import { route } from '../../platform/http/contract.ts'

const records = ['customer', 'contact'] as const
const words = z.object({ ja: z.string(), en: z.string() })

const vocabularyField = z.object({
  id: z.string(),
  words,
  kind: z.enum(['text', 'one_of', 'many_of', 'number', 'date', 'boolean']),
  group: z.string(),
  unit: z.string().nullable(),
  /** The values there are; null: any. */
  choices: z.array(z.object({ value: z.string(), words })).nullable(),
})

export const readVocabulary = route({
  method: 'GET',
  path: '/api/v1/vocabulary',
  operation: 'readVocabulary',
  summary: 'What conditions may name: fields, attributes, metrics, segments, and the events of the last 90 days',
  access: 'customers.read',
  query: z.object({ record: z.enum(records).default('customer') }),
  reply: z.object({
    fields: z.array(vocabularyField),
    events: z.array(z.object({ name: z.string(), count: z.number().int() })),
  }),
})

export const previewCondition = route({
  method: 'POST',
  path: '/api/v1/conditions/preview',
  operation: 'previewCondition',
  summary: 'How many records meet a condition now, and ten of them',
  access: 'customers.read',
  body: z.strictObject({ record: z.enum(records), condition }),
  reply: z.object({
    count: z.number().int(),
    total: z.number().int(),
    samples: z.array(z.object({ id: z.uuid(), name: z.string() })),
    milliseconds: z.number().int(),
  }),
})

const explanation: z.ZodType<Explanation> = z.lazy(() =>
  z.object({
    held: z.boolean(),
    kind: z.enum(['all', 'any', 'not', 'leaf']),
    parts: z.array(explanation),
    leaf: z.unknown().optional(),
    actual: z.unknown().optional(),
  }),
)
interface Explanation {
  held: boolean
  kind: 'all' | 'any' | 'not' | 'leaf'
  parts: Explanation[]
  leaf?: unknown
  actual?: unknown
}

export const explainCondition = route({
  method: 'POST',
  path: '/api/v1/conditions/explain',
  operation: 'explainCondition',
  summary: 'Why one record meets a condition, or why it does not: each part with what the record has',
  access: 'customers.read',
  body: z.strictObject({ record: z.enum(records), id: z.uuid(), condition }),
  reply: explanation,
})
