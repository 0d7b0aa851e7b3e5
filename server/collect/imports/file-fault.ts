import { AppError } from '../../platform/errors/app-error.ts'
import type { Words } from '../../platform/errors/words.ts'
import { letterOf } from './row.ts'

/** Where in a file something is wrong; rows count from 1, columns from 0. */
export interface Place {
  row?: number
  column?: number
}

/** The file as a whole cannot be read: says what is wrong, where, and what to do. */
export function fileFault(words: Words, { row, column }: Place = {}): AppError {
  const ja = [row && `${row}行目`, column !== undefined && `${letterOf(column)}列`].filter(Boolean).join('、')
  const en = [row && `row ${row}`, column !== undefined && `column ${letterOf(column)}`].filter(Boolean).join(', ')
  const message =
    ja === '' ? words : { ja: `${ja}: ${words.ja}`, en: `${en.charAt(0).toUpperCase()}${en.slice(1)}: ${words.en}` }
  const path = ['file', ...(row ? [`row ${row}`] : []), ...(column === undefined ? [] : [`column ${letterOf(column)}`])]
  return new AppError('invalid_input', message, { faults: [{ path: path.join('.'), message }] })
}
