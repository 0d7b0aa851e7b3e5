/** A row of a file before anything is made of it. */
export interface RawRow {
  /** As a spreadsheet counts them: the first row of the file is 1. */
  row: number
  /** Text of each cell by column; what a row lacks at its end is missing. */
  cells: string[]
  /** Why nothing can be made of the row as a whole. */
  problem?: Problem
}

/** A column of a file: its name is unique in the file, its place counts from 0. */
export interface Column {
  name: string
  place: number
}

/** The closed list of what can be wrong with a cell or a row. */
export const problemCodes = [
  'unreadable_characters',
  'too_long',
  'too_many_cells',
  'not_number',
  'not_whole',
  'out_of_range',
  'not_date',
  'not_choice',
  'not_boolean',
  'not_email',
  'not_domain',
  'required',
  'no_customer',
  'no_contact',
  'no_member',
  'no_invoice',
  'no_key',
  'exists',
  'duplicate_in_file',
  'end_before_start',
  'not_json',
  'not_object',
  'too_deep',
  'too_many_keys',
  'refused',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** What is wrong, and where: no column means the row as a whole. */
export interface Problem {
  column: string | null
  code: ProblemCode
  /** The text that was refused, shortened. */
  value?: string
  /** What would have been accepted, such as `0 – 10` or the choices. */
  accepted?: string
}

/** Most characters of a cell; as many as Excel keeps. */
export const longestCell = 32_767
/** Most characters of a row. */
export const longestRecord = 1_048_576
/** Most columns of a file. */
export const mostColumns = 1_000

/** @param value the cell; the report shows its beginning */
export function problemOf(column: string | null, code: ProblemCode, value?: string, accepted?: string): Problem {
  return {
    column,
    code,
    ...(value === undefined || value === '' ? {} : { value: shortened(value, 80) }),
    ...(accepted === undefined ? {} : { accepted: shortened(accepted, 200) }),
  }
}

/** The beginning of a text, fit for storing: no NUL, no half characters. */
export function shortened(text: string, most: number): string {
  const begin = text.slice(0, most).toWellFormed().replaceAll('\u0000', '\ufffd')
  return text.length > most ? `${begin}…` : begin
}

/** Whether a text can be kept as it is: no NUL, no half characters, nothing that decoding could not read (U+FFFD). */
export function isReadable(text: string): boolean {
  return !text.includes('\ufffd') && !text.includes('\u0000') && text.isWellFormed()
}

/** The name of a place as a spreadsheet counts columns: 0 is A, 26 is AA. */
export function letterOf(place: number): string {
  let letters = ''
  for (let rest = place; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters
  }
  return letters
}

/** Columns of a file by the cells of its header row: empty names become the letter, repeated ones get a number. */
export function columnsOf(header: readonly string[], width: number): Column[] {
  const taken = new Set<string>()
  const count = Math.min(Math.max(header.length, width), mostColumns)
  return Array.from({ length: count }, (_, place) => {
    const given = shortened((header[place] ?? '').trim().replace(/\s+/g, ' '), 200)
    const base = given === '' ? letterOf(place) : given
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base} (${number})`
    taken.add(name)
    return { name, place }
  })
}
