import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workbookOf } from '../../../tests/support/workbook.ts'
import { csvLine } from '../../platform/http/csv.ts'
import { dayOf, momentOf, monthsBefore } from './date-text.ts'
import { openParts } from './file-access.ts'
import { numberOf } from './number-text.ts'
import { type FileWish, openFile } from './opened-file.ts'
import { readCsv } from './read-csv.ts'
import type { RawRow } from './row.ts'

/** 「会社名,担当\r\n株式会社みなと,表示\r\n」 in Shift-JIS; the second bytes of 表 and 能 are backslashes. */
const shiftJis = Buffer.from('89ef8ed096bc2c925393960d0a8a948eae89ef8ed082dd82c882c62c955c8ea60d0a', 'hex')

async function rowsOf(content: string | Uint8Array, wish: FileWish = {}, partSize = 1 << 20) {
  const bytes = Buffer.from(content as Uint8Array)
  const sizes: number[] = []
  for (let start = 0; start < bytes.length; start += partSize) sizes.push(Math.min(partSize, bytes.length - start))
  const file = await openFile(
    openParts(sizes, async number => bytes.subarray(number * partSize, number * partSize + sizes[number]!)),
    wish,
  )
  const rows: RawRow[] = []
  for await (const batch of file.rows()) rows.push(...batch)
  file.close()
  return { ...file, rows }
}

const refused = (content: string | Uint8Array) =>
  rowsOf(content).then(
    () => 'read',
    error => `${error.code}: ${error.message}`,
  )

/** Divided between characters: decoding never yields half of one. */
async function* pieces(text: string, borders: number[]) {
  const characters = [...text]
  let start = 0
  for (const border of borders.map(place => place % (characters.length + 1)).sort((one, other) => one - other)) {
    if (border > start) yield characters.slice(start, border).join('')
    start = Math.max(start, border)
  }
  if (start < characters.length) yield characters.slice(start).join('')
}

async function csvRows(text: string, borders: number[]): Promise<RawRow[]> {
  const rows: RawRow[] = []
  for await (const batch of readCsv(pieces(text, borders), ',')) rows.push(...batch)
  return rows
}

describe('reading a file (CUS-41)', () => {
  it('reads UTF-8 with and without a mark, Shift-JIS, EUC-JP and UTF-16', async () => {
    const text = '会社名,担当\r\n株式会社みなと,表示\r\n'
    const eucJp = Buffer.from('b2f1bcd2cccc2cc3b4c5f60d0ab3f4bcb0b2f1bcd2a4dfa4caa4c82cc9bdbca80d0a', 'hex')
    const wanted = [{ row: 2, cells: ['株式会社みなと', '表示'] }]
    for (const [content, encoding] of [
      [Buffer.from(text), 'utf-8'],
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
      [shiftJis, 'shift_jis'],
      [eucJp, 'euc-jp'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ] as const) {
      const read = await rowsOf(content)
      expect([read.encoding, read.columns[1]!.name, read.rows]).toEqual([encoding, '担当', wanted])
    }
  })

  it('finds the delimiter and the header, and takes cells as they are quoted', async () => {
    for (const delimiter of [',', '\t', ';', '|']) {
      const text = `売上一覧\n\nid${delimiter}name${delimiter}note\nA1${delimiter}"x ""y""\n${delimiter}z"${delimiter}a"b\n`
      const read = await rowsOf(text)
      expect([read.delimiter, read.headerRow]).toEqual([delimiter, 3])
      expect(read.rows).toEqual([{ row: 4, cells: ['A1', `x "y"\n${delimiter}z`, 'a"b'] }])
    }
    const bare = await rowsOf('C1,12,2026-01-05\nC2,13,2026-01-06\n')
    expect([bare.headerRow, bare.columns.map(column => column.name), bare.rows.length]).toEqual([0, ['A', 'B', 'C'], 2])
  })

  it('reads the same whatever the borders of its pieces', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '"', 'a"b', ',', '\r\n', '\n', '株式会社', '😀', '\r'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (table, borders) => {
          const text = table.map(row => row.map(part => `"${part.replaceAll('"', '""')}"`).join(',')).join('\r\n')
          const whole = await csvRows(text, [])
          expect(await csvRows(text, borders)).toEqual(whole)
          expect(whole.map(row => row.cells)).toEqual(table)
        },
      ),
      { numRuns: 150 },
    )
    const encoded = Buffer.from(`名,値\n${'株式会社みなと,"表\n示"\n'.repeat(50)}`)
    const wanted = (await rowsOf(encoded)).rows
    for (const size of [1, 2, 3, 7, 64]) expect((await rowsOf(encoded, {}, size)).rows).toEqual(wanted)
  })

  it('reads Excel: shared and inline texts without how they are read aloud, numbers, days, formulas', async () => {
    const book = await workbookOf([
      ['顧客ID', '会社名', '金額', '開始日', '有効'],
      ['001', '株式会社みなと', 1234.5, { day: 46_027 }, true],
      ['002', 'A & <B>', 0.1 + 0.2, { day: 46_027.5 }, false],
    ])
    const read = await rowsOf(book, {}, 97)
    expect([read.format, read.sheet, read.headerRow]).toEqual(['xlsx', '一覧', 1])
    expect(read.rows.map(row => row.cells)).toEqual([
      ['001', '株式会社みなと', '1234.5', '2026-01-05', 'true'],
      ['002', 'A & <B>', '0.3', '2026-01-05T12:00:00', 'false'],
    ])
  })

  it('reads JSON lines: nested keys, lists, and what is no object as a row with a problem', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const lines = [
      '{"id":"A","address":{"city":"東京"},"tags":["a","b"],"__proto__":{"x":1}}',
      '{"id":',
      `{"a":${deep}}`,
      '{"id":"B","n":1e400}',
      '7',
    ]
    const read = await rowsOf(lines.join('\n'))
    expect(read.columns.map(column => column.name)).toEqual(['id', 'address.city', 'tags', 'n'])
    expect(read.rows.map(({ cells, problem }) => problem?.code ?? cells)).toEqual([
      ['A', '東京', 'a;b', ''],
      'not_json',
      'too_deep',
      ['B', '', '', 'Infinity'],
      'not_object',
    ])
    expect(({} as { x?: number }).x).toBeUndefined()
  })
})

describe('hostile files (06-trust C7, C8)', () => {
  it('says what is wrong, where, and what to do', async () => {
    expect(await refused('')).toMatch(/empty/)
    expect(await refused(gzipSync('a,b\n'))).toMatch(/gzip/)
    expect(await refused(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toMatch(/password/)
    expect(await refused('<html><table></table></html>')).toMatch(/HTML/)
    expect(await refused('[{"a":1},{"a":2}]')).toMatch(/Row 1: .*one object a line/)
    expect(await refused(`a,b\n1,2\n3,"never closed\n${'x,y\n'.repeat(500)}`)).toMatch(/Row 3.*never closed/)
    expect(await refused(`a,b\n1,2\n${'x'.repeat(3_000_000)}`)).toMatch(/Row 3.*longer than a million/)
    expect(await refused(`a,b\n${','.repeat(1_000_000)}\n`)).toMatch(/Row 2, column ALM: .*1000 columns/)
    expect(await refused(`a,b\n${','.repeat(5_000_000)}`)).toMatch(/Row 2, column ALM: .*1000 columns/)
    expect(await refused(`{"a":"${'x'.repeat(3_000_000)}"}`)).toMatch(/longer than a million/)
    expect(await refused(Buffer.alloc(4_096, 3))).toMatch(/no text/)
  })

  it('keeps bad bytes and NUL in their cells, where the row is refused', async () => {
    const bad = Buffer.concat([Buffer.from('名前,値\nA,'), Buffer.from([0xff, 0xfe, 0x41]), Buffer.from('\nB,ok\0\n')])
    const read = await rowsOf(bad, { encoding: 'utf-8' })
    expect(read.rows.map(row => row.cells[1])).toEqual(['\ufffd\ufffdA', 'ok\0'])
  })

  it('refuses archives that are no workbook, entities, DTDs and bombs', async () => {
    const plain = await workbookOf([['a'], ['b']])
    expect(await refused(Buffer.concat([plain.subarray(0, 200)]))).toMatch(/damaged/)
    expect(await refused(await workbookOf([['a']], { only: 'notes.xml' }))).toMatch(/no Excel file/)
    const doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    expect(await refused(await workbookOf([['a']], { doctype }))).toMatch(/DTD/)
    expect(await refused(await workbookOf([['a']], { padding: 80_000_000 }))).toMatch(/too large when unpacked/)
    expect(await refused(await workbookOf([['a']], { depth: 100_000 }))).toMatch(/damaged/)
  })
})

describe('values', () => {
  it('reads numbers as people write them', () => {
    const table: [string, number | undefined][] = [
      ['1,234,567.89', 1_234_567.89],
      ['¥120,000', 120_000],
      ['８０００円', 8_000],
      ['$29.85', 29.85],
      ['▲500', -500],
      ['(1,200)', -1_200],
      ['12.5%', 12.5],
      ['3.5万', 35_000],
      ['1.2億円', 120_000_000],
      ['-0', 0],
      ['1,23', undefined],
      ['1.2.3', undefined],
      ['abc', undefined],
      ['1e400', undefined],
      ['9'.repeat(50), undefined],
    ]
    for (const [text, value] of table) expect([text, numberOf(text)]).toEqual([text, value])
    expect(numberOf('1.234,5', ',')).toBe(1234.5)
  })

  it('reads days and moments as people write them', () => {
    const table: [string, string | undefined][] = [
      ['2026-01-05', '2026-01-05'],
      ['2026/1/5', '2026-01-05'],
      ['2026年1月5日（月）', '2026-01-05'],
      ['令和8年1月5日', '2026-01-05'],
      ['令和元年5月1日', '2019-05-01'],
      ['H31.4.30', '2019-04-30'],
      ['20260105', '2026-01-05'],
      ['1/5/2026', '2026-01-05'],
      ['5 Jan 2026', '2026-01-05'],
      ['January 5, 2026', '2026-01-05'],
      ['2026-02-30', undefined],
      ['12', undefined],
    ]
    for (const [text, day] of table) expect([text, dayOf(text, 'mdy')]).toEqual([text, day])
    expect(dayOf('5/1/2026', 'dmy')).toBe('2026-01-05')
    expect(momentOf('2026/1/5 9:30', 'mdy', 'Asia/Tokyo')).toBe('2026-01-05T00:30:00.000Z')
    expect(momentOf('2026-01-05T09:30:00+09:00', 'mdy', 'America/New_York')).toBe('2026-01-05T00:30:00.000Z')
    expect(momentOf('2026年1月5日 午後3時05分', 'mdy', 'Asia/Tokyo')).toBe('2026-01-05T06:05:00.000Z')
    expect(momentOf('1767571200', 'mdy', 'Asia/Tokyo')).toBe('2026-01-05T00:00:00.000Z')
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28')
  })

  it('writes cells of a report so that no spreadsheet runs them (C2)', () => {
    const risky = ['=1+1', '+1', '-x', '@a', '\tx', '\rx', '\0x', '＝1', '＋1', '－x', '＠a']
    for (const cell of risky) expect(csvLine([cell]).replace(/^"/, '').startsWith("'")).toBe(true)
    expect(csvLine(['-12.5', 'a,"b"\nc', ''])).toBe('-12.5,"a,""b""\nc",\r\n')
  })
})
