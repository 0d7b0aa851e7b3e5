import { AppError } from '../errors/app-error.ts'
import { JsonText } from './implement.ts'

/** Where the next page begins: the sort values of the last row, opaque to callers. */
export function cursorOf(values: (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/**
 * A page of items that PostgreSQL wrote as JSON, put together without reading them: one more row than asked for tells
 * that there is a next page.
 * @param sort the fields of an item by which the list is sorted; their values of the last item are the cursor
 */
export function jsonPage(rows: { item: string }[], limit: number, sort: string[]): JsonText {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const values = last && (JSON.parse(last.item) as Record<string, string | number>)
  const next = values ? cursorOf(sort.map(field => values[field]!)) : null
  return new JsonText(`{"items":[${shown.map(row => row.item).join(',')}],"next":${JSON.stringify(next)}}`)
}

/** @throws AppError `malformed` for a cursor that no page answered */
export function readCursor(cursor: string | undefined, length: number): (string | number)[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const values = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const plain = (value: unknown) => typeof value === 'string' || typeof value === 'number'
    if (Array.isArray(values) && values.length === length && values.every(plain)) return values
  } catch {
    // Answered below, as any other cursor that is none.
  }
  throw new AppError('malformed', {
    ja: 'cursor が正しくありません。前のページの next をそのまま送ってください。',
    en: 'The cursor is wrong. Send the `next` of the page before as it is.',
  })
}
