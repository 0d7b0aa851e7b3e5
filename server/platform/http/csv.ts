/**
 * What a spreadsheet would take for a formula or a command: = + - @, TAB, CR, NUL and the full-width forms. A number
 * stays a number.
 */
const risky = '=+-@\t\r\u0000＝＋－＠'
const number = /^-?\d+(\.\d+)?$/

/** Makes Excel read a file as UTF-8. */
export const byteOrderMark = '\ufeff'

/** A line of CSV (RFC 4180) that is safe to open: risky cells get an apostrophe in front, which spreadsheets hide. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: string): string {
  const safe = cell !== '' && risky.includes(cell.charAt(0)) && !number.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
