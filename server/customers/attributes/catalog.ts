import type { JsonValue } from '../../platform/context/context.ts'
import type { AttributeType } from './contract/attributes.ts'

/** What a value of a type is checked against. */
export interface ValueShape {
  type: AttributeType
  options: readonly string[]
}

/**
 * A value as an attribute stores it. Null empties the field and fits every type.
 * @returns undefined where it does not fit
 */
export function attributeValue({ type, options }: ValueShape, value: JsonValue): JsonValue | undefined {
  if (value === null) return null
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= 10_000 && isStorable(value) ? value : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : undefined
    case 'one_of':
      return typeof value === 'string' && options.includes(value) ? value : undefined
    case 'many_of':
      return Array.isArray(value) && value.every(item => typeof item === 'string' && options.includes(item))
        ? [...new Set(value)]
        : undefined
  }
}

/** A day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** PostgreSQL holds neither NUL nor half a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}
