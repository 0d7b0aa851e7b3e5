import { Liquid, type Template } from 'liquidjs'
import type { Words } from '../../platform/errors/words.ts'

/** What merge tags can reach: plain data, nothing else. */
export type MergeData = Readonly<Record<string, unknown>>

/** Names at which a merge tag may begin. */
const roots = ['contact', 'customer', 'owner', 'company', 'values'] as const
const tags = ['if', 'unless', 'for', 'else', 'elsif', 'break', 'continue', 'comment']
const filters = [
  'append',
  'capitalize',
  'date',
  'default',
  'downcase',
  'first',
  'join',
  'last',
  'prepend',
  'round',
  'size',
  'strip',
  'truncate',
  'upcase',
]

/** Longest text with tags, time for one text (ms), and memory units: a text that asks for more is refused. */
const limits = { parseLimit: 200_000, renderLimit: 100, memoryLimit: 100_000 }

/** Characters by which a text is formatted. Values must not format: theirs are put aside until the markup was read. */
const formatting = '*[]()'
const firstAside = 0xf8f0
/** Where a value begins and ends in a filled text. */
const valueBegins = '\uf8f5'
const valueEnds = '\uf8f6'

function putAside(value: unknown): string {
  const text = textOf(value).replace(/[\uf8f0-\uf8f6]/g, '')
  if (text === '') return ''
  const aside = text.replace(/[*[\]()]/g, character => String.fromCharCode(firstAside + formatting.indexOf(character)))
  return valueBegins + aside + valueEnds
}

/** Puts formatting characters of values back where they were, and no longer says where values begin and end. */
export function putBack(text: string): string {
  return text.replace(/[\uf8f0-\uf8f6]/g, character => formatting[character.charCodeAt(0) - firstAside] ?? '')
}

/** A link of a filled text, [label](address). Values in its address may hold what they like. */
export const linkPattern = /\[([^\][]{1,1000})\]\(((?:\uf8f5[^\uf8f6]*\uf8f6|[^()\s\uf8f5]){1,2000})\)/g

/** What an address must begin with before a value may stand in it: where it leads is the template's to say. */
const fixedBeginning = /^\s*(?:https?:\/\/[^/?#\\\s@]+[/?#]|mailto:)/

/** Whether the merge tags of an address stand behind its scheme and its host. @param text of the template */
export function leadsWhereItSays(text: string): boolean {
  const first = text.search(/\{[{%]/)
  return first < 0 || fixedBeginning.test(text.slice(0, first))
}

/** An address that was filled in, its values encoded; undefined where a value would say where it leads. */
export function filledAddress(text: string): string | undefined {
  const first = text.indexOf(valueBegins)
  if (first >= 0 && !fixedBeginning.test(text.slice(0, first))) return undefined
  const isMail = /^\s*mailto:/.test(text)
  return putBack(
    text.replace(/\uf8f5([^\uf8f6]*)\uf8f6/g, (_, value: string) => {
      const encoded = encodeURIComponent(putBack(value).toWellFormed()).replace(
        /[!'()*]/g,
        character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      )
      return isMail ? encoded.replaceAll('%40', '@') : encoded
    }),
  )
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return Array.isArray(value) ? value.map(textOf).join(', ') : ''
  return String(value)
}

const engine = restricted(
  new Liquid({
    ...limits,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    cache: false,
    outputEscape: putAside,
    // There is no file behind a name, whatever it says.
    templates: {},
    relativeReference: false,
  }),
)

function restricted(liquid: Liquid): Liquid {
  for (const [known, wanted] of [
    [liquid.tags, tags],
    [liquid.filters, filters],
  ] as const) {
    for (const name of Object.keys(known)) if (!wanted.includes(name)) delete known[name]
    // `constructor` and its kin are no tags.
    Object.setPrototypeOf(known, null)
  }
  liquid.registerFilter('number', value => {
    const number = Number(value)
    return Number.isFinite(number) && value !== '' && value !== null ? number.toLocaleString('en-US') : value
  })
  return liquid
}

/** A text with merge tags, read and ready to be filled. */
export class MergeText {
  readonly #parts: Template[] | string

  /** @throws Error where a tag or filter is none that there is, or the text is too long */
  constructor(text: string) {
    this.#parts = text.includes('{{') || text.includes('{%') ? engine.parse(text) : text
  }

  /**
   * The text with values in place of its tags; formatting characters of values are put aside (`putBack`).
   * @throws Error when it asks for too much time or memory
   */
  fill(data: MergeData): string {
    if (typeof this.#parts === 'string') return this.#parts
    return engine.renderSync(this.#parts, data) as string
  }

  /** Names at which its tags begin and that nothing stands under. */
  unknownNames(): string[] {
    if (typeof this.#parts === 'string') return []
    const known: readonly string[] = [...roots, 'forloop']
    return [...new Set(engine.globalVariablesSync(this.#parts))].filter(name => !known.includes(name))
  }
}

/** Says what is wrong with a text with merge tags; undefined where nothing is. */
export function mergeFault(text: string): Words | undefined {
  try {
    const unknown = new MergeText(text).unknownNames()
    if (unknown.length === 0) return undefined
    return {
      ja: `差し込み項目「${unknown.join('、')}」は使えません。${roots.join('、')} のいずれかで始めてください。`,
      en: `There is nothing under "${unknown.join(', ')}". Begin with one of ${roots.join(', ')}.`,
    }
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]!.slice(0, 200)
    return { ja: `差し込みの書き方に誤りがあります: ${reason}`, en: `The merge tags cannot be read: ${reason}` }
  }
}

/** A filled text for one line of a head: no line breaks, no control characters. */
export function headLine(text: string): string {
  return putBack(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
