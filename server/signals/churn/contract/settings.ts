import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line, route } from '../../../platform/http/contract.ts'

/** What counts as leaving; the first that happens is the day. */
const definition = z
  .strictObject({
    status: z.boolean().meta({ description: 'The customer’s status became CHURNED.' }),
    contract: z.boolean().meta({ description: 'The last contract ended and no other followed.' }),
    revenue: z.boolean().meta({ description: 'Recurring revenue fell to zero.' }),
    inactivityDays: z
      .number()
      .int()
      .min(14)
      .max(365)
      .nullable()
      .meta({ description: 'Of customers who never paid: so many days without use. Null: not looked at.' }),
  })
  .refine(value => value.status || value.contract || value.revenue || value.inactivityDays !== null, {
    error: '解約とみなす条件を1つ以上選んでください。 / Choose at least one.',
  })
export type ChurnDefinition = z.output<typeof definition>

export const churnLevels = ['critical', 'high', 'medium', 'low'] as const
export type ChurnLevel = (typeof churnLevels)[number]

const band = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/),
  nameJa: line(40),
  nameEn: line(40),
  from: z.number().min(0).max(100).meta({ description: 'Scores from this one on, up to the next band.' }),
  level: z.enum(churnLevels).meta({ description: 'Colour, and the risk level of the API of record.' }),
  respondWithinHours: z.number().int().min(1).max(2_160).nullable().default(null),
  adviceJa: z.string().max(500).default(''),
  adviceEn: z.string().max(500).default(''),
})
export type ChurnBand = z.output<typeof band>

const prices = z.strictObject({
  intervention: z
    .number()
    .min(0)
    .max(1e9)
    .meta({ description: 'What it costs to look after one customer who was warned of.' }),
  saved: z
    .number()
    .min(0)
    .max(1e12)
    .nullable()
    .meta({ description: 'What a kept customer is worth; null: the median yearly revenue.' }),
  successRate: z
    .number()
    .min(0)
    .max(1)
    .meta({ description: 'Share of those who were about to leave and stay after it.' }),
})

/** Everything that a company decides of its churn prediction; stands in blueprints as it is. */
export const churnSettings = z.strictObject({
  definition: definition.default({ status: true, contract: true, revenue: true, inactivityDays: null }),
  horizonDays: z.union([z.literal(30), z.literal(60), z.literal(90)]).default(90),
  minimumDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .default(30)
    .meta({ description: 'Customers for fewer days are not judged by the model.' }),
  exclude: condition
    .nullable()
    .default(null)
    .meta({ description: 'Customers that are neither learned from nor judged.' }),
  threshold: z
    .number()
    .int()
    .min(1)
    .max(99)
    .nullable()
    .default(null)
    .meta({ description: 'Warned of from this score on; null: what the model proposes.' }),
  bands: z
    .array(band)
    .min(2)
    .max(6)
    .refine(bands => bands.every((each, place) => place === 0 || each.from < bands[place - 1]!.from), {
      error: '帯は高い点数から順に並べてください。 / From the highest score down.',
    })
    .refine(bands => bands.at(-1)?.from === 0, {
      error: '最後の帯は0点からにしてください。 / The last one begins at 0.',
    })
    .refine(bands => new Set(bands.map(({ key }) => key)).size === bands.length, {
      error: '帯のキーが重複しています。 / The same key twice.',
    })
    .default([
      {
        key: 'high',
        nameJa: '高',
        nameEn: 'High',
        from: 80,
        level: 'critical',
        respondWithinHours: 24,
        adviceJa: '',
        adviceEn: '',
      },
      {
        key: 'medium',
        nameJa: '中',
        nameEn: 'Medium',
        from: 60,
        level: 'medium',
        respondWithinHours: 168,
        adviceJa: '',
        adviceEn: '',
      },
      {
        key: 'low',
        nameJa: '低',
        nameEn: 'Low',
        from: 0,
        level: 'low',
        respondWithinHours: null,
        adviceJa: '',
        adviceEn: '',
      },
    ]),
  prices: prices.default({ intervention: 50_000, saved: null, successRate: 0.15 }),
})
export type ChurnSettings = z.output<typeof churnSettings>

const base = '/api/v1/churn'

export const getChurnSettings = route({
  method: 'GET',
  path: `${base}/settings`,
  operation: 'getChurnSettings',
  summary: 'What counts as churn, the horizon, who is left out, the bands and the prices',
  access: 'customers.read',
  reply: churnSettings,
})

export const putChurnSettings = route({
  method: 'PUT',
  path: `${base}/settings`,
  operation: 'putChurnSettings',
  summary: 'Change these settings; bands count at once, definition and horizon from the next training on',
  access: 'churn.manage',
  body: churnSettings,
  reply: churnSettings,
})

export const previewChurnDefinition = route({
  method: 'POST',
  path: `${base}/definition/preview`,
  operation: 'previewChurnDefinition',
  summary: 'Who would have left by a definition: by month of the last 24, by what made it so, with examples',
  access: 'customers.read',
  body: churnSettings.pick({ definition: true, exclude: true }),
  reply: z.object({
    customers: z.number().int().meta({ description: 'Customers that are looked at.' }),
    left: z.number().int(),
    byRule: z.object({
      status: z.number().int(),
      contract: z.number().int(),
      revenue: z.number().int(),
      inactivity: z.number().int(),
    }),
    months: z.array(z.object({ month: z.string(), left: z.number().int() })),
    samples: z.array(z.object({ id: z.uuid(), name: z.string(), day: z.string(), rule: z.string() })),
  }),
})
