import { webAddress } from '../../customers/accounts/contract/customers.ts'
import { isDay } from '../../customers/attributes/catalog.ts'
import type { JsonValue } from '../../platform/context/context.ts'
import { isTimeZone } from '../../platform/identity/contract/account.ts'

/** Where a trait goes: a field of the record by its name in the API, or the e-mail address, which two may claim. */
export interface Placed {
  field: string
  value: JsonValue
}

type Reader = (value: JsonValue) => JsonValue | undefined

const longest = 200

const contactReaders: Record<string, { field: string; read: Reader }> = {
  name: { field: 'name', read: words },
  email: { field: 'email', read: emailOf },
  phone: { field: 'phone', read: value => words(value, 50) },
  title: { field: 'title', read: words },
  role: { field: 'role', read: value => words(value, 100) },
  company: { field: 'company', read: companyName },
  plan: { field: 'plan', read: value => words(value, 100) },
  language: { field: 'language', read: value => words(value, 35) },
  timezone: { field: 'timeZone', read: zoneName },
  timeZone: { field: 'timeZone', read: zoneName },
  createdAt: { field: 'signedUpAt', read: momentText },
  created_at: { field: 'signedUpAt', read: momentText },
}

const customerReaders: Record<string, { field: string; read: Reader }> = {
  name: { field: 'name', read: words },
  industry: { field: 'industry', read: value => words(value, 100) },
  employees: { field: 'employeeCount', read: countOf },
  employeeCount: { field: 'employeeCount', read: countOf },
  website: { field: 'website', read: websiteOf },
  plan: { field: 'plan', read: value => words(value, 100) },
  region: { field: 'region', read: value => words(value, 100) },
  language: { field: 'language', read: value => words(value, 35) },
  timezone: { field: 'timeZone', read: zoneName },
  timeZone: { field: 'timeZone', read: zoneName },
  seats: { field: 'licenceCount', read: countOf },
  licenceCount: { field: 'licenceCount', read: countOf },
}

/** The field of a contact in which a trait goes; undefined: none, or the value does not fit it. */
export function contactField(trait: string, value: JsonValue): Placed | undefined {
  return placed(contactReaders, trait, value)
}

/** The same for a customer. */
export function customerField(trait: string, value: JsonValue): Placed | undefined {
  return placed(customerReaders, trait, value)
}

function placed(readers: typeof contactReaders, trait: string, value: JsonValue): Placed | undefined {
  const reader = Object.hasOwn(readers, trait) ? readers[trait] : undefined
  if (!reader) return undefined
  const read = value === null ? null : reader.read(value)
  return read === undefined ? undefined : { field: reader.field, value: read }
}

/**
 * The name that a call gives in parts; a family name in Japanese script stands first.
 * @returns undefined where it gives none
 */
export function nameInParts(traits: Readonly<Record<string, JsonValue>>): string | undefined {
  const first = part(traits.firstName ?? traits.first_name)
  const last = part(traits.lastName ?? traits.last_name)
  if (!first && !last) return undefined
  const japanese = /[\u3040-\u30ff\u3400-\u9fff]/.test(last)
  return (japanese ? [last, first] : [first, last])
    .filter(word => word !== '')
    .join(' ')
    .slice(0, longest)
}

function part(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** One line of text; numbers become text. */
function words(value: JsonValue, most = longest): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
  return text === '' || text.length > most || /[\u0000-\u001f\u007f]/.test(text) ? undefined : text
}

function zoneName(value: JsonValue): string | undefined {
  return typeof value === 'string' && isTimeZone(value) ? value : undefined
}

function emailOf(value: JsonValue): string | undefined {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return text.length <= 254 && /^[^\s@<>",;:\\]+@[^\s@<>",;:\\]+\.[^\s@<>",;:\\.]+$/.test(text) ? text : undefined
}

function websiteOf(value: JsonValue): string | undefined {
  const text = words(value, 500)
  return text && webAddress.test(text) ? text : undefined
}

/** Segment's traits hold the company as an object. */
function companyName(value: JsonValue): string | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return words(value.name ?? null)
  return words(value)
}

function countOf(value: JsonValue): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 31 ? number : undefined
}

/** A moment as ISO 8601: a text, seconds or milliseconds. */
function momentText(value: JsonValue): string | undefined {
  const moment =
    typeof value === 'string' && (isDay(value.slice(0, 10)) || value.includes(':'))
      ? Date.parse(value)
      : typeof value === 'number'
        ? value * (value < 1e11 ? 1_000 : 1)
        : Number.NaN
  return moment > 0 && moment < 4_102_444_800_000 ? new Date(moment).toISOString() : undefined
}
