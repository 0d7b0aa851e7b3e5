import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line } from '../../../platform/http/contract.ts'

const score = z.number().min(0).max(100)
const key = z.string().regex(/^[a-z][a-z0-9_]{0,40}$/)

/** How a value becomes 0 to 100. */
export const shape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('steps'),
    /** From the lowest on: `from` includes its value, `over` does not. A value below all steps gets `below`. */
    steps: z
      .array(z.strictObject({ from: z.number().optional(), over: z.number().optional(), score }))
      .min(1)
      .max(20),
    below: score,
  }),
  /** 0 at `from`, 100 at `to`, in between by the line; `from` may be the larger one. */
  z.strictObject({ kind: z.literal('linear'), from: z.number(), to: z.number() }),
  z.strictObject({
    kind: z.literal('piecewise'),
    points: z
      .array(z.strictObject({ at: z.number(), score }))
      .min(2)
      .max(20),
  }),
  /** An answer or index of a survey, brought to 0 to 100. */
  z.strictObject({ kind: z.literal('survey'), scale: z.enum(['nps', '0-10', '1-5', '1-7']) }),
])
export type Shape = z.output<typeof shape>

/** What a factor looks at. */
const input = z.union([
  z.strictObject({
    metric: z.string().min(1).max(120),
    /** The metric as a share, in percent, of what is expected of the customer's plan. */
    expected: z
      .strictObject({ plans: z.record(z.string().max(100), z.number().positive()), otherwise: z.number().positive() })
      .optional(),
  }),
  /** Judged by the CSM, 0 to 100. */
  z.strictObject({ manual: key }),
  /** A field or attribute of the customer; words and choices by what each is worth. */
  z.strictObject({ field: z.string().min(1).max(120), values: z.record(z.string().max(200), z.number()).optional() }),
])

const missing = z.enum(['reweight', 'neutral', 'worst'])

const factor = z.strictObject({
  key,
  nameJa: line(60),
  nameEn: line(60),
  group: key.optional(),
  weight: z.number().positive().max(1_000),
  input,
  shape,
  missing: missing.optional(),
  /** Days after which the value counts as stale and is shown so. */
  freshDays: z.number().int().min(1).max(400).optional(),
})
export type Factor = z.output<typeof factor>

const band = z.strictObject({
  key,
  nameJa: line(40),
  nameEn: line(40),
  colour: z.enum(['green', 'yellow', 'orange', 'red']),
  /** The lowest whole score in it: bands are judged by the score as it is shown. */
  from: z.number().int().min(0).max(100),
  actionsJa: z.array(line(200)).max(10).default([]),
  actionsEn: z.array(line(200)).max(10).default([]),
  ownerJa: line(60).optional(),
  ownerEn: line(60).optional(),
})

const exception = z.strictObject({
  nameJa: line(80),
  nameEn: line(80),
  condition,
  effect: z.enum(['cap', 'floor', 'set']),
  value: score,
})

export const scorecardDefinition = z.strictObject({
  groups: z
    .array(z.strictObject({ key, nameJa: line(60), nameEn: line(60), weight: z.number().positive().max(1_000) }))
    .max(12)
    .default([]),
  factors: z.array(factor).min(1).max(40),
  /** From the best on. */
  bands: z.array(band).min(1).max(8),
  exceptions: z.array(exception).max(10).default([]),
  /** What stands for a factor that is not known: the others count more, it counts 50, or 0. */
  missing: missing.default('reweight'),
})
export type ScorecardDefinition = z.output<typeof scorecardDefinition>
