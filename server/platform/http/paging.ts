import { AppError } from '../errors/app-error.ts'

/** Where the next page begins: the sort values of the last row, opaque to callers. */
export function cursorOf(values: (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
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
