import { z } from 'zod'
import { line } from '../../../platform/http/contract.ts'

export const messageLanguages = ['ja', 'en'] as const
export type MessageLanguage = (typeof messageLanguages)[number]

/** Text of several lines with merge tags, **strong words** and [links](https://…). */
const prose = z
  .string()
  .max(10_000)
  .refine(text => text.isWellFormed() && !text.includes('\u0000'))
/** An address, or merge tags that become one. */
const address = z.string().trim().max(2_000)

const simple = [
  z.strictObject({ kind: z.literal('heading'), text: prose, level: z.union([z.literal(1), z.literal(2)]).default(1) }),
  z.strictObject({ kind: z.literal('text'), text: prose }),
  z.strictObject({ kind: z.literal('button'), label: prose, url: address }),
  z.strictObject({
    kind: z.literal('image'),
    url: address,
    alt: z.string().max(300).default(''),
    width: z.number().int().min(16).max(600).default(536),
  }),
  z.strictObject({ kind: z.literal('divider') }),
  z.strictObject({
    kind: z.literal('list'),
    items: z.array(prose).min(1).max(50),
    ordered: z.boolean().default(false),
  }),
] as const

const simpleBlock = z.discriminatedUnion('kind', simple)

/** A block of a template. */
export const block = z.discriminatedUnion('kind', [
  ...simple,
  z.strictObject({
    kind: z.literal('columns'),
    left: z.array(simpleBlock).max(20),
    right: z.array(simpleBlock).max(20),
  }),
  z.strictObject({ kind: z.literal('reusable'), key: z.string().max(60) }).meta({
    description: 'The blocks that stand under this key, as they are when a message is written.',
  }),
])
export type Block = z.output<typeof block>

/** What stands under the key of a reusable block: anything but another one. */
export const sharedContent = z.strictObject({
  ja: z.array(z.discriminatedUnion('kind', simple)).max(30).optional(),
  en: z.array(z.discriminatedUnion('kind', simple)).max(30).optional(),
})
export type SharedContent = z.output<typeof sharedContent>

const variant = z.strictObject({
  subject: line(300),
  preheader: z.string().trim().max(300).default(''),
  blocks: z.array(block).max(100),
  text: prose.nullable().default(null).meta({
    description: 'The plain text where it is written by hand; null: made from the blocks.',
  }),
})
export type Variant = z.output<typeof variant>

/** A template in one language or both. */
export const templateContent = z
  .strictObject({ ja: variant.optional(), en: variant.optional() })
  .refine(content => content.ja !== undefined || content.en !== undefined, {
    error: '日本語か英語の本文を入力してください。 / Write it in one language at least.',
  })
export type TemplateContent = z.output<typeof templateContent>
