import { excelDate, excelNumber } from './excel-number.ts'
import { fileFault } from './file-fault.ts'
import { damaged, readXml } from './read-xml.ts'
import { longestCell, mostColumns, type RawRow } from './row.ts'
import type { Workbook } from './workbook.ts'

const mostRows = 1_048_576

/**
 * Reads a sheet in batches of rows: numbers as Excel shows them with full digits, days and times as ISO 8601 without a
 * zone, formulas by the value that Excel kept. Empty rows are left out.
 * @throws AppError `invalid_input` for a sheet that is broken or beyond what Excel allows
 */
export async function* readXlsx(workbook: Workbook, path: string): AsyncGenerator<RawRow[]> {
  let rows: RawRow[] = []
  let number = 0
  let cells: string[] = []
  let place = -1
  let type = ''
  let style = 0
  let value = ''
  let phonetic = false
  let inData = false
  const reader = {
    open(name: string, attributes: Record<string, string>) {
      if (name === 'sheetData') inData = true
      if (!inData) return
      if (name === 'row') {
        const next = attributes.r === undefined ? number + 1 : Number(attributes.r)
        if (!Number.isInteger(next) || next <= number || next > mostRows) throw damaged()
        number = next
        cells = []
        place = -1
      } else if (name === 'c') {
        place = attributes.r === undefined ? place + 1 : placeOf(attributes.r)
        if (place >= mostColumns) throw tooManyColumns(number)
        type = attributes.t ?? 'n'
        style = Number(attributes.s ?? 0)
        value = ''
      } else if (name === 'rPh') phonetic = true
    },
    close(name: string, text: string) {
      if (!inData) return
      if (name === 'v' && type !== 'inlineStr') value = text
      else if (name === 't' && !phonetic && value.length <= longestCell) value += text
      else if (name === 'rPh') phonetic = false
      else if (name === 'c') {
        while (cells.length < place) cells.push('')
        cells[place] = cellText(workbook, type, style, value)
      } else if (name === 'row') {
        if (cells.some(cell => cell !== '')) rows.push({ row: number, cells })
      } else if (name === 'sheetData') inData = false
    },
  }
  const after = () => {
    if (rows.length === 0) return undefined
    const batch = rows
    rows = []
    return batch
  }
  yield* readXml(await workbook.read(path), reader, after)
}

function cellText({ strings, dateStyles, from1904 }: Workbook, type: string, style: number, value: string): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? ''
    case 'b':
      return value === '1' ? 'true' : 'false'
    case 'n':
      if (value === '') return ''
      return (dateStyles[style] ? excelDate(Number(value), from1904) : undefined) ?? excelNumber(value)
    default:
      return value
  }
}

/** `AB12` is column 27, counted from 0. */
function placeOf(reference: string): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1]
  if (!letters) throw damaged()
  let place = 0
  for (const letter of letters) place = place * 26 + letter.charCodeAt(0) - 64
  return place - 1
}

function tooManyColumns(row: number) {
  return fileFault(
    {
      ja: `列が多すぎます（上限${mostColumns}列）。不要な列を除いてください。`,
      en: `There are more than ${mostColumns} columns. Remove those that are not needed.`,
    },
    { row, column: mostColumns },
  )
}
