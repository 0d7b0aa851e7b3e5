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

const putAside = (value: unknown): string =>
  textOf(value)
    .replace(/[\uf8f0-\uf8f4]/g, '')
    .replace(/[*[\]()]/g, character => String.fromCharCode(firstAside + formatting.indexOf(character)))

/** Puts formatting characters of values back where they were. */
export function putBack(text: string): string {
  return text.replace(/[\uf8f0-\uf8f4]/g, character => formatting[character.charCodeAt(0) - firstAside] ?? '')
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
