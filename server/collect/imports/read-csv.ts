import { setImmediate } from 'node:timers/promises'
import { CsvError, Parser } from 'csv-parse'
import type { Delimiter } from './delimiter.ts'
import { fileFault } from './file-fault.ts'
import { longestRecord, mostColumns, type RawRow } from './row.ts'

/**
 * Reads CSV (RFC 4180; quotes inside of unquoted cells are taken as they are) in batches of rows. Empty rows count, but
 * are left out. Memory is bounded by the longest row.
 * @throws AppError `invalid_input` where the text as a whole cannot be read on: quotes that are never closed, a row that
 * is too long, too many columns
 */
export async function* readCsv(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<RawRow[]> {
  const parser = new Parser({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: longestRecord,
    encoding: 'utf8',
  } as unknown as ConstructorParameters<typeof Parser>[0])
  let failure: unknown
  parser.on('error', error => {
    failure = error
  })
  let row = 0
  const take = (): RawRow[] => {
    const rows: RawRow[] = []
    for (let cells = parser.read() as string[] | null; cells !== null; cells = parser.read() as string[] | null) {
      row++
      if (cells.length > mostColumns) throw tooManyColumns(row)
      if (cells.length > 1 || cells[0] !== '') rows.push({ row, cells })
    }
    return rows
  }
  let ended = false
  parser.on('end', () => {
    ended = true
  })
  try {
    let since = 0
    for await (const piece of text) {
      // The parser's own limit counts what stands in cells, not the delimiters between empty ones.
      since += piece.length
      if (since > longestRecord + piece.length) throw tooManyColumns(row + 1)
      const before = row
      parser.write(piece)
      // The parser works within write(), and takes the next piece once its rows have been taken.
      do {
        const rows = take()
        if (failure) throw readable(failure, row)
        if (row > before) since = 0
        if (rows.length > 0) yield rows
        await setImmediate()
      } while (parser.writableLength > 0)
    }
    parser.end()
    while (!ended) {
      const rows = take()
      if (failure) throw readable(failure, row)
      if (rows.length > 0) yield rows
      await setImmediate()
    }
  } finally {
    parser.destroy()
  }
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

/** What the parser found, in our words. @param row the last row that was whole */
function readable(failure: unknown, row: number): unknown {
  if (!(failure instanceof CsvError)) return failure
  const { column } = failure as { column?: unknown }
  const place = { row: row + 1, column: typeof column === 'number' ? column : undefined }
  switch (failure.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return fileFault(
        {
          ja: '引用符（"）が閉じられていません。この行の引用符を確認してください。',
          en: 'A quotation mark (") is opened and never closed. Check the quotation marks of this row.',
        },
        place,
      )
    case 'CSV_MAX_RECORD_SIZE':
      return fileFault(
        {
          ja: '1行が長すぎます（上限約100万文字）。引用符（"）の閉じ忘れか、改行のないファイルです。',
          en: 'This row is longer than a million characters: a quotation mark (") is not closed, or the file has no line breaks.',
        },
        place,
      )
    default:
      return fileFault(
        {
          ja: 'CSVとして読み取れません。引用符と区切り文字を確認してください。',
          en: 'This cannot be read as CSV. Check quotation marks and delimiters.',
        },
        place,
      )
  }
}
