import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { isDateFormat } from './excel-number.ts'
import { fileFault } from './file-fault.ts'
import { damaged, readXml } from './read-xml.ts'
import { longestCell } from './row.ts'

/** A file that can be read at any place. */
export interface RandomAccess {
  size: number
  /** @param end the first byte that is not wanted */
  stream(start: number, end: number): Readable
}

export interface Sheet {
  name: string
  path: string
}

/** What reading a sheet needs to know of its workbook. */
export interface Workbook {
  sheets: Sheet[]
  from1904: boolean
  /** Texts that cells refer to by number. */
  strings: string[]
  /** By style number: whether the cell shows a day or a time. */
  dateStyles: boolean[]
  read(path: string): Promise<AsyncIterable<Uint8Array>>
  close(): void
}

const mostEntries = 10_000
/** An unpacked part of more than this (bytes) may not be so many times as large as packed. */
const suspiciousSize = 64_000_000
const mostRatio = 300
const largestPart = 4_000_000_000
/** All texts together (characters). */
const mostSharedText = 100_000_000
const mostSharedStrings = 4_000_000

/** Opens a workbook (.xlsx). Names in the archive are compared, never used as paths. @throws AppError `invalid_input` */
export async function openWorkbook(file: RandomAccess): Promise<Workbook> {
  const archive = await openArchive(file)
  try {
    const parts = await partsOf(archive)
    const read = async (path: string) => {
      const entry = parts.get(path)
      if (!entry) throw noWorkbook()
      return archive.openReadStreamPromise(entry).catch(() => {
        throw damaged()
      }) as Promise<AsyncIterable<Uint8Array>>
    }
    if (!parts.has('xl/workbook.xml')) throw noWorkbook()
    const { sheets, from1904 } = await readSheets(
      await read('xl/workbook.xml'),
      await read('xl/_rels/workbook.xml.rels'),
    )
    const strings = parts.has('xl/sharedStrings.xml') ? await readStrings(await read('xl/sharedStrings.xml')) : []
    const dateStyles = parts.has('xl/styles.xml') ? await readStyles(await read('xl/styles.xml')) : []
    return { sheets, from1904, strings, dateStyles, read, close: () => archive.close() }
  } catch (error) {
    archive.close()
    throw error
  }
}

async function openArchive(file: RandomAccess): Promise<yauzl.ZipFile> {
  class Source extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return file.stream(start, end)
    }
  }
  return await yauzl
    .fromRandomAccessReaderPromise(new Source(), file.size, { lazyEntries: true, autoClose: false })
    .catch(() => {
      throw damaged()
    })
}

/** The directory of the archive, without what does not belong to a workbook. */
async function partsOf(archive: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const parts = new Map<string, yauzl.Entry>()
  let count = 0
  try {
    for await (const entry of archive.eachEntry()) {
      if (++count > mostEntries) throw bomb()
      const path = entry.fileName.replace(/^\//, '')
      if (!/^xl\/.*\.(xml|rels)$/.test(path) || parts.has(path)) continue
      const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
      if (entry.uncompressedSize > largestPart || (entry.uncompressedSize > suspiciousSize && ratio > mostRatio)) {
        throw bomb()
      }
      parts.set(path, entry)
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'AppError' ? error : damaged()
  }
  return parts
}

async function readSheets(
  workbook: AsyncIterable<Uint8Array>,
  relations: AsyncIterable<Uint8Array>,
): Promise<{ sheets: Sheet[]; from1904: boolean }> {
  const targets = new Map<string, string>()
  await readAll(relations, (name, attributes) => {
    const { Id, Target } = attributes
    if (name !== 'Relationship' || !Id || !Target || targets.size > mostEntries) return
    targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target.replace(/^\.\//, '')}`)
  })
  const sheets: Sheet[] = []
  let from1904 = false
  await readAll(workbook, (name, attributes) => {
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes.date1904 ?? '')
    // The prefix of the namespace of relations is the writer's choice.
    const reference = Object.keys(attributes).find(key => key.endsWith(':id'))
    const target = reference && targets.get(attributes[reference] ?? '')
    if (name !== 'sheet' || !target || attributes.state === 'hidden' || sheets.length >= 1_000) return
    sheets.push({ name: (attributes.name ?? '').slice(0, 100), path: target })
  })
  if (sheets.length === 0) throw noWorkbook()
  return { sheets, from1904 }
}

async function readStyles(bytes: AsyncIterable<Uint8Array>): Promise<boolean[]> {
  const codes = new Map<number, string>()
  const styles: boolean[] = []
  let inCells = false
  await readAll(bytes, (name, attributes) => {
    if (name === 'numFmt' && codes.size < 10_000) codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
    if (name === 'cellXfs') inCells = true
    if (name === 'cellStyles' || name === 'dxfs') inCells = false
    if (name !== 'xf' || !inCells || styles.length > 100_000) return
    const id = Number(attributes.numFmtId ?? 0)
    styles.push(isDateFormat(id, codes.get(id)))
  })
  return styles
}

async function readStrings(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const strings: string[] = []
  let current = ''
  let total = 0
  let phonetic = false
  const reader = {
    open(name: string) {
      if (name === 'si') current = ''
      if (name === 'rPh') phonetic = true
    },
    close(name: string, text: string) {
      if (name === 'rPh') phonetic = false
      // How a name is read aloud stands beside it, and is no part of it.
      if (name === 't' && !phonetic && current.length <= longestCell) current += text
      if (name !== 'si') return
      total += current.length
      strings.push(current)
      if (total > mostSharedText || strings.length > mostSharedStrings) {
        throw fileFault({
          ja: 'Excelファイルの文字列が多すぎます。CSVで保存してアップロードしてください。',
          en: 'The Excel file holds too much text. Save it as CSV and upload that.',
        })
      }
    },
  }
  for await (const _ of readXml(bytes, reader, () => undefined)) break
  return strings
}

async function readAll(
  bytes: AsyncIterable<Uint8Array>,
  open: (name: string, attributes: Record<string, string>) => void,
): Promise<void> {
  for await (const _ of readXml(bytes, { open }, () => undefined)) break
}

function noWorkbook() {
  return fileFault({
    ja: 'ZIPファイルですが、Excel（.xlsx）ではありません。展開して中のファイルをアップロードするか、.xlsx で保存し直してください。',
    en: 'This is a ZIP archive, but no Excel file (.xlsx). Unpack it and upload what is in it, or save it as .xlsx.',
  })
}

function bomb() {
  return fileFault({
    ja: 'Excelファイルの展開後のサイズが大きすぎます。CSVで保存してアップロードしてください。',
    en: 'The Excel file is too large when unpacked. Save it as CSV and upload that.',
  })
}
