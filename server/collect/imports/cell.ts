import type { JsonValue } from '../../platform/context/context.ts'
import { isTimeZone } from '../../platform/identity/contract/account.ts'
import type { Target } from './catalog/fields.ts'
import { choiceOf, folded, truthOf } from './choice-text.ts'
import { type DateOrder, dayOf, momentOf, monthsBefore } from './date-text.ts'
import { numberOf } from './number-text.ts'
import { isReadable, longestCell, type ProblemCode } from './row.ts'

/** How numbers and dates of a file are meant. */
export interface Reading {
  dateOrder: DateOrder
  decimal: '.' | ','
  timeZone: string
  /** `YYYY-MM-DD`, for what is counted back from today. */
  today: string
}

/** A value, none for an empty cell, or what is wrong. */
export type ReadCell = { value: JsonValue | undefined } | { problem: ProblemCode; accepted?: string }

interface Way {
  months?: boolean
  attribute?: { type: 'text' | 'number' | 'boolean' | 'date' | 'one_of' | 'many_of'; options: readonly string[] }
}

/** What stands in a cell of a number, a date or a choice where there is none. */
const none = new Set(['', '-', 'n/a', '#n/a', 'na', 'nan', 'null', 'nil', '―', 'ー', '－', '—', '未設定', '不明'])
const isEmail = /^[^\s@<>()",;:\\]{1,64}@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/

/** Reads a cell as what a field takes. Empty says nothing: a record keeps what it has. */
export function readCell(target: Target, given: string, reading: Reading, way: Way = {}): ReadCell {
  if (given.length > longestCell) return { problem: 'too_long', accepted: `${longestCell}` }
  if (!isReadable(given)) return { problem: 'unreadable_characters' }
  const text = given.trim()
  if (text === '') return { value: undefined }
  if (way.attribute) return readAttribute(way.attribute, text, reading)
  if (target.type !== 'text' && target.type !== 'choice' && none.has(text.toLowerCase())) return { value: undefined }
  if (way.months) return readMonths(text, reading)
  switch (target.type) {
    case 'text':
      return text.length > (target.longest ?? longestCell)
        ? { problem: 'too_long', accepted: `${target.longest}` }
        : { value: text }
    case 'number':
    case 'score':
    case 'integer':
    case 'money':
      return readNumber(target, text, reading)
    case 'boolean': {
      const value = truthOf(text)
      return value === undefined ? { problem: 'not_boolean' } : { value }
    }
    case 'date': {
      const value = dayOf(text, reading.dateOrder)
      return value === undefined ? { problem: 'not_date' } : { value }
    }
    case 'moment': {
      const value = momentOf(text, reading.dateOrder, reading.timeZone)
      return value === undefined ? { problem: 'not_date' } : { value }
    }
    case 'choice': {
      const value = choiceOf(text, target.choices ?? {})
      if (value === undefined && none.has(text.toLowerCase())) return { value: undefined }
      return value === undefined
        ? { problem: 'not_choice', accepted: Object.keys(target.choices ?? {}).join(', ') }
        : { value }
    }
    case 'email': {
      const value = text.normalize('NFKC').toLowerCase()
      return value.length <= 254 && isEmail.test(value) ? { value } : { problem: 'not_email' }
    }
    case 'domain':
      return readDomains(text)
    case 'currency': {
      const value = /^(¥|￥|円|日本円)$/.test(text)
        ? 'JPY'
        : text === '$'
          ? 'USD'
          : text.normalize('NFKC').toUpperCase()
      return /^[A-Z]{3}$/.test(value) ? { value } : { problem: 'not_choice', accepted: 'JPY, USD, EUR …' }
    }
    case 'time_zone':
      return isTimeZone(text) ? { value: text } : { problem: 'not_choice', accepted: 'Asia/Tokyo, America/New_York …' }
    case 'tags': {
      const tags = [...new Set(listOf(text))]
      return tags.length > 50 || tags.some(tag => tag.length > 60)
        ? { problem: 'too_long', accepted: '50 × 60' }
        : { value: tags }
    }
  }
}

function readNumber(target: Target, text: string, reading: Reading): ReadCell {
  const value = numberOf(text, reading.decimal)
  if (value === undefined || !Number.isFinite(value)) return { problem: 'not_number' }
  if (target.type === 'integer' && !Number.isInteger(value)) return { problem: 'not_whole' }
  const [least, most] = target.range ?? [-1e15, 1e15]
  if (value < least || value > most) return { problem: 'out_of_range', accepted: `${least} – ${most}` }
  return { value: target.type === 'money' || target.type === 'score' ? Math.round(value * 100) / 100 : value }
}

function readMonths(text: string, reading: Reading): ReadCell {
  const value = numberOf(text, reading.decimal)
  if (value === undefined) return { problem: 'not_number' }
  if (value < 0 || value > 1_200) return { problem: 'out_of_range', accepted: '0 – 1200' }
  return { value: monthsBefore(reading.today, Math.round(value)) }
}

function readAttribute(attribute: NonNullable<Way['attribute']>, text: string, reading: Reading): ReadCell {
  const isNone = none.has(text.toLowerCase())
  switch (attribute.type) {
    case 'text':
      return text.length > 10_000 ? { problem: 'too_long', accepted: '10000' } : { value: text }
    case 'number': {
      const value = numberOf(text, reading.decimal)
      if (value !== undefined) return { value }
      return isNone ? { value: undefined } : { problem: 'not_number' }
    }
    case 'boolean': {
      const value = truthOf(text)
      if (value !== undefined) return { value }
      return isNone ? { value: undefined } : { problem: 'not_boolean' }
    }
    case 'date': {
      const value = dayOf(text, reading.dateOrder)
      if (value !== undefined) return { value }
      return isNone ? { value: undefined } : { problem: 'not_date' }
    }
    case 'one_of': {
      const value = optionOf(attribute.options, text)
      if (value !== undefined) return { value }
      return isNone ? { value: undefined } : { problem: 'not_choice', accepted: attribute.options.join(', ') }
    }
    case 'many_of': {
      const values = listOf(text).map(part => optionOf(attribute.options, part))
      return values.every(value => value !== undefined)
        ? { value: [...new Set(values)] }
        : { problem: 'not_choice', accepted: attribute.options.join(', ') }
    }
  }
}

function optionOf(options: readonly string[], text: string): string | undefined {
  return options.find(option => option === text) ?? options.find(option => folded(option) === folded(text))
}

function listOf(text: string): string[] {
  return text
    .split(/[;；、|,，]/)
    .map(part => part.trim())
    .filter(part => part !== '')
}

/** Domains, as they stand in addresses of pages and mailboxes, too. */
function readDomains(text: string): ReadCell {
  const domains = text
    .split(/[\s;；、,|]+/)
    .filter(part => part !== '')
    .map(part =>
      part
        .toLowerCase()
        .replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//, '')
        .split(/[/?#]/, 1)[0]!
        .split('@')
        .at(-1)!
        .replace(/^www\./, '')
        .replace(/\.$/, ''),
    )
  const isDomain = (part: string) =>
    part.length <= 253 && /^[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,}$/u.test(part)
  return domains.length > 0 && domains.length <= 20 && domains.every(isDomain)
    ? { value: [...new Set(domains)] }
    : { problem: 'not_domain' }
}
