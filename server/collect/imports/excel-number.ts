/** Built-in number formats that show a day or a time (ECMA-376 part 1, 18.8.30), Japanese ones included. */
const dateFormats = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
])

/** Whether a number format shows a day or a time. @param code of a format that the file declares itself */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return dateFormats.has(id)
  const bare = code
    .slice(0, 1_000)
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h|m|s)[^\]]*\]/gi, '')
  if (/\[(h|m|s)+\]/i.test(bare)) return false
  return /[ymdhsge]/i.test(bare.replace(/general/gi, '').replace(/[Ee][+-]/g, ''))
}

/**
 * A serial number of Excel as ISO 8601 without a zone: `2026-01-05`, with a time where it has one.
 * @param from1904 the workbook counts from 1904 @returns undefined where it is no day that Excel can show
 */
export function excelDate(serial: number, from1904: boolean): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return undefined
  // Excel takes 1900 for a leap year: its 29 February is day 60.
  const days = from1904 ? serial + 1_462 : serial < 60 ? serial + 1 : serial
  const moment = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400) * 1_000)
  const text = moment.toISOString()
  const time = text.slice(11, 19)
  if (serial < 1 && !from1904) return time
  return time === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)}T${time}`
}

/** A number as Excel shows it: 15 digits, without the noise of binary fractions. */
export function excelNumber(text: string): string {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return text
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)))
}
