import { folded, truthOf } from './choice-text.ts'
import { dayOf } from './date-text.ts'
import { numberOf } from './number-text.ts'

/** What stands in a column, as far as a sample tells. Counts are of rows. */
export interface Content {
  filled: number
  numbers: number
  wholes: number
  fractions: number
  days: number
  truths: number
  emails: number
  domains: number
  lists: number
  currencies: number
  longest: number
  samples: string[]
  /** Values with how often they stand there; undefined once there are too many. */
  values: Map<string, number> | undefined
  /** Parts of values that are lists. */
  parts: Set<string>
  /** A date with a number above 12 in its first or second place says which is the day. */
  dayFirst: number
  monthFirst: number
  decimalCommas: number
}

const mostValues = 100
const email = /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,}$/
const domain = /^(https?:\/\/)?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}([/?#:].*)?$/u

export function emptyContent(): Content {
  return {
    ...{ filled: 0, numbers: 0, wholes: 0, fractions: 0, days: 0, truths: 0, emails: 0, domains: 0, lists: 0 },
    ...{ currencies: 0, longest: 0, samples: [], values: new Map(), parts: new Set(), dayFirst: 0, monthFirst: 0 },
    decimalCommas: 0,
  }
}

/** Takes a cell into account. */
export function takeCell(content: Content, cell: string): void {
  const text = cell.trim()
  if (text === '') return
  content.filled++
  content.longest = Math.max(content.longest, text.length)
  if (content.samples.length < 5 && !content.samples.includes(text)) content.samples.push(text.slice(0, 120))
  if (content.values) {
    const value = text.slice(0, 200)
    content.values.set(value, (content.values.get(value) ?? 0) + 1)
    if (content.values.size > mostValues) content.values = undefined
  }
  if (text.length > 100) return
  const number = numberOf(text)
  if (number !== undefined) {
    content.numbers++
    if (Number.isInteger(number)) content.wholes++
    else content.fractions++
  } else if (numberOf(text, ',') !== undefined) content.decimalCommas++
  if (dayOf(text, 'mdy') ?? dayOf(text, 'dmy')) content.days++
  const parts = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}/.exec(text)
  if (parts && Number(parts[1]) > 12) content.dayFirst++
  if (parts && Number(parts[2]) > 12) content.monthFirst++
  if (truthOf(text) !== undefined) content.truths++
  if (email.test(text)) content.emails++
  else if (domain.test(text)) content.domains++
  if (/^[A-Za-z]{3}$/.test(text)) content.currencies++
  const list = text
    .split(/[;；、|]/)
    .map(part => part.trim())
    .filter(part => part !== '')
  if (list.length > 1) {
    content.lists++
    for (const part of list) if (content.parts.size <= mostValues) content.parts.add(part)
  }
}

export type AttributeType = 'text' | 'number' | 'boolean' | 'date' | 'one_of' | 'many_of'

/** What an attribute for such a column would be, with its choices. */
export function attributeTypeOf(content: Content): { type: AttributeType; options: string[] } {
  const { filled, values } = content
  if (filled === 0) return { type: 'text', options: [] }
  if (content.truths === filled && new Set([...(values?.keys() ?? [])].map(folded)).size <= 2)
    return { type: 'boolean', options: [] }
  if (content.numbers === filled) return { type: 'number', options: [] }
  if (content.days === filled) return { type: 'date', options: [] }
  if (content.lists > filled * 0.3 && content.parts.size <= 50 && values) {
    const options = new Set([...values.keys()].flatMap(value => value.split(/[;；、|]/).map(part => part.trim())))
    return { type: 'many_of', options: [...options].filter(part => part !== '').sort() }
  }
  if (values && values.size <= 50 && values.size <= Math.max(2, filled / 3) && content.longest <= 80) {
    return { type: 'one_of', options: [...values].sort((one, other) => other[1] - one[1]).map(([value]) => value) }
  }
  return { type: 'text', options: [] }
}
