import { truthOf } from './choice-text.ts'
import { dayOf } from './date-text.ts'
import { type Delimiter, detectDelimiter } from './delimiter.ts'
import type { FileAccess } from './file-access.ts'
import { fileFault } from './file-fault.ts'
import { detectFormat, type Format } from './file-format.ts'
import { numberOf } from './number-text.ts'
import { readCsv } from './read-csv.ts'
import { readJsonLines } from './read-json-lines.ts'
import { readXlsx } from './read-xlsx.ts'
import { type Column, columnsOf, mostColumns, type RawRow } from './row.ts'
import { decodeText, detectEncoding, type Encoding } from './text-encoding.ts'
import { openWorkbook } from './workbook.ts'

/** How a file is to be read, as far as somebody said. */
export interface FileWish {
  encoding?: Encoding
  delimiter?: Delimiter
  sheet?: string
  /** Row of the header, 0 for none; found by itself without it. */
  headerRow?: number
  /** Columns that are looked for, for files that do not list theirs. */
  columns?: readonly string[]
}

export interface OpenedFile {
  format: Format
  encoding: Encoding | null
  delimiter: Delimiter | null
  sheets: string[]
  sheet: string | null
  headerRow: number
  columns: Column[]
  /** The rows below the header, from the beginning each time. */
  rows(): AsyncGenerator<RawRow[]>
  close(): void
}

const sampleBytes = 262_144
/** Rows among which the header is looked for, and lines of JSON whose keys are gathered. */
const headerRows = 10
const keyRows = 1_000

/** Opens a file by what is in it. @throws AppError `invalid_input` for what cannot be imported, with what to do */
export async function openFile(file: FileAccess, wish: FileWish = {}): Promise<OpenedFile> {
  const sample = await beginning(file)
  const format = detectFormat(sample)
  if (format === 'xlsx') return openSheet(file, wish)
  const encoding = wish.encoding ?? detectEncoding(sample, sample.length === file.size)
  const text = () => decodeText(file.bytes(), encoding)
  const common = { format, encoding, sheets: [], sheet: null, close: () => {} }
  if (format === 'jsonl') {
    const columns = await keysOf(text(), wish.columns ?? [])
    const places = new Map(columns.map(column => [column.name, column.place]))
    return { ...common, delimiter: null, headerRow: 0, columns, rows: () => jsonRows(text(), places) }
  }
  const begin = new TextDecoder(encoding).decode(sample)
  const delimiter = wish.delimiter ?? detectDelimiter(begin)
  const read = () => readCsv(text(), delimiter)
  return { ...common, delimiter, ...(await withHeader(read, wish.headerRow)) }
}

async function openSheet(file: FileAccess, wish: FileWish): Promise<OpenedFile> {
  const workbook = await openWorkbook(file)
  try {
    const sheet = workbook.sheets.find(({ name }) => name === wish.sheet) ?? workbook.sheets[0]!
    if (wish.sheet !== undefined && sheet.name !== wish.sheet) {
      throw fileFault({
        ja: `シート「${wish.sheet}」がありません。`,
        en: `There is no sheet "${wish.sheet}".`,
      })
    }
    const head = await withHeader(() => readXlsx(workbook, sheet.path), wish.headerRow)
    const sheets = workbook.sheets.map(({ name }) => name)
    return {
      format: 'xlsx',
      encoding: null,
      delimiter: null,
      sheets,
      sheet: sheet.name,
      ...head,
      close: workbook.close,
    }
  } catch (error) {
    workbook.close()
    throw error
  }
}

async function beginning(file: FileAccess): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of file.bytes()) {
    pieces.push(piece.subarray(0, sampleBytes - length))
    length += pieces.at(-1)!.length
    if (length >= sampleBytes) break
  }
  return Buffer.concat(pieces)
}

/** Finds the header and leaves out what stands above it. */
async function withHeader(
  read: () => AsyncGenerator<RawRow[]>,
  wished: number | undefined,
): Promise<Pick<OpenedFile, 'headerRow' | 'columns' | 'rows'>> {
  const first: RawRow[] = []
  for await (const batch of read()) {
    first.push(...batch.slice(0, headerRows * 2 - first.length))
    if (first.length >= headerRows * 2) break
  }
  if (first.length === 0) {
    throw fileFault({ ja: 'ファイルにデータがありません。', en: 'There is no data in the file.' })
  }
  const headerRow = wished ?? findHeader(first)
  const header = first.find(({ row }) => row === headerRow)?.cells ?? []
  const width = header.length > 0 ? header.length : Math.max(...first.map(({ cells }) => cells.length))
  async function* rows() {
    for await (const batch of read()) {
      const below = batch[0]!.row > headerRow ? batch : batch.filter(({ row }) => row > headerRow)
      if (below.length > 0) yield below
    }
  }
  return { headerRow, columns: columnsOf(header, width), rows }
}

/** The first row that is nearly as wide as the widest and holds words only; 0 where no row is like that. */
function findHeader(rows: RawRow[]): number {
  const filled = ({ cells }: RawRow) => cells.filter(cell => cell.trim() !== '').length
  const widest = Math.max(...rows.map(filled))
  const isValue = (cell: string) => {
    const text = cell.trim()
    return (
      numberOf(text) !== undefined ||
      dayOf(text, 'mdy') !== undefined ||
      (truthOf(text) !== undefined && text.length > 1) ||
      text.includes('@')
    )
  }
  const header = rows.slice(0, headerRows).find(row => {
    const cells = row.cells.filter(cell => cell.trim() !== '')
    const values = cells.filter(isValue).length
    return (
      cells.length >= Math.max(1, widest * 0.6) && values <= cells.length * 0.1 && new Set(cells).size === cells.length
    )
  })
  return header?.row ?? 0
}

async function keysOf(text: AsyncIterable<string>, wanted: readonly string[]): Promise<Column[]> {
  const names = new Set(wanted)
  let count = 0
  for await (const batch of readJsonLines(text)) {
    for (const { values } of batch) {
      if (++count > keyRows) break
      for (const name of values.keys()) if (names.size < mostColumns) names.add(name.slice(0, 200))
    }
    if (count > keyRows) break
  }
  return [...names].map((name, place) => ({ name, place }))
}

async function* jsonRows(text: AsyncIterable<string>, places: Map<string, number>): AsyncGenerator<RawRow[]> {
  for await (const batch of readJsonLines(text)) {
    yield batch.map(({ row, values, problem }) => {
      const cells: string[] = new Array(places.size).fill('')
      for (const [name, value] of values) {
        const place = places.get(name)
        if (place !== undefined) cells[place] = value
      }
      return problem ? { row, cells, problem } : { row, cells }
    })
  }
}
