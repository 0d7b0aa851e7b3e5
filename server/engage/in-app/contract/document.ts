import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line } from '../../../platform/http/contract.ts'
import { audience } from '../../messages/contract/shapes.ts'

export const inAppKinds = ['banner', 'modal', 'checklist'] as const
export const inAppTones = ['neutral', 'accent', 'green', 'orange', 'red'] as const
export const inAppStates = ['draft', 'enabled', 'paused'] as const
export type InAppState = (typeof inAppStates)[number]

/** Where a button leads: a page of the web, nothing that runs. */
const link = z
  .string()
  .trim()
  .max(2_000)
  .refine(text => /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text), 'https://example.com/...')

const words = z.strictObject({
  title: line(200),
  text: z.string().trim().max(2_000).default(''),
  button: z.string().trim().max(60).default(''),
})
export type InAppWords = z.output<typeof words>

const item = z.strictObject({
  ja: z.string().trim().max(200).default(''),
  en: z.string().trim().max(200).default(''),
  event: line(200).meta({ description: 'It is done once the person has had this event.' }),
  link: link.nullable().default(null),
})

const frequency = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['once', 'daily', 'until_dismissed']) }),
  z.strictObject({ kind: z.literal('times'), most: z.number().int().min(1).max(1_000) }),
])

/** What is shown, to whom, where and how often. */
export const inAppDocument = z.strictObject({
  kind: z.enum(inAppKinds),
  tone: z.enum(inAppTones).default('neutral'),
  content: z
    .strictObject({ ja: words.optional(), en: words.optional() })
    .refine(({ ja, en }) => ja !== undefined || en !== undefined, 'ja, en'),
  link: link.nullable().default(null),
  items: z.array(item).max(12).default([]).meta({ description: 'Of a checklist.' }),
  pages: z
    .string()
    .trim()
    .max(500)
    .regex(/^\/.*$/)
    .nullable()
    .default(null)
    .meta({ description: 'Path of the pages; * stands for anything. Null: every page.' }),
  frequency: frequency.default({ kind: 'until_dismissed' }),
  audience: audience.nullable().default(null).meta({ description: 'Null: only flows show it.' }),
})
export type InAppDocument = z.output<typeof inAppDocument>

/** The same in a blueprint: a segment by its key. */
export const portableInApp = inAppDocument.extend({
  audience: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('segment'), segment: z.string().max(63) }),
      z.strictObject({ kind: z.literal('condition'), condition }),
    ])
    .nullable()
    .default(null)
    .meta({ description: 'Null: only flows show it.' }),
})
