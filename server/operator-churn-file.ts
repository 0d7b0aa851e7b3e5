import { open } from 'node:fs/promises'
import { dayOf } from './collect/imports/date-text.ts'
import { openParts } from './collect/imports/file-access.ts'
import { numberOf } from './collect/imports/number-text.ts'
import { type FileWish, type OpenedFile, openFile } from './collect/imports/opened-file.ts'
import { AppError } from './platform/errors/app-error.ts'
import type { Column, Table } from './platform/learning/table.ts'

/** Why a value of the target counts as leaving. */
export type PositiveReason = 'asked' | 'meaning' | 'rarer'

/** A flat file as something to learn from. */
export interface ChurnFile {
  table: Table
  labels: Uint8Array
  target: string
  positive: string
  positiveReason: PositiveReason
  /** Rows without a value of the target. */
  leftOut: number
}

const partSize = 8_388_608
/** Words for "nothing is known". */
const nothing = new Set(['', '?', '-', 'na', 'n/a', '#n/a', 'nan', 'null'])
/** In a column of numbers these mean the same. */
const nothingAmongNumbers = new Set([...nothing, 'none', 'nil', 'unknown', 'missing', 'undefined', '不明', 'なし'])
/** Share of the values that must be numbers (days) for a column to be one of numbers. */
const nearlyAll = 0.98

/** The values of a column as they stand, each once, and which row has which. */
interface Texts {
  name: string
  texts: string[]
  codes: number[]
}

/**
 * Reads a file with a header: columns of numbers (days count as numbers), the rest categories; blank is missing.
 * @throws AppError `not_found` for the file, `invalid_input` for what is no table, or a target that is none
 */
export async function readChurnFile(path: string, target: string, positive: string | undefined): Promise<ChurnFile> {
  const handle = await open(path).catch(() => {
    throw new AppError('not_found', { ja: `ファイル ${path} を開けません。`, en: `The file ${path} cannot be opened.` })
  })
  try {
    const { size } = await handle.stat()
    const sizes = Array.from({ length: Math.ceil(size / partSize) }, (_, part) =>
      Math.min(partSize, size - part * partSize),
    )
    const access = openParts(sizes, async number => {
      const part = Buffer.alloc(sizes[number]!)
      await handle.read(part, 0, part.length, number * partSize)
      return part
    })
    const file = await openWithTarget(wish => openFile(access, wish), target)
    try {
      return churnFile(await textsOf(file), target, positive, file.delimiter === ';')
    } finally {
      file.close()
    }
  } finally {
    await handle.close()
  }
}

/** A header of numbers is not recognised as one; the first row is, where it names the target. */
async function openWithTarget(openAs: (wish: FileWish) => Promise<OpenedFile>, target: string): Promise<OpenedFile> {
  const file = await openAs({})
  if (file.columns.some(({ name }) => sameName(name, target))) return file
  file.close()
  const again = await openAs({ headerRow: 1 })
  if (again.columns.some(({ name }) => sameName(name, target))) return again
  again.close()
  const names = file.columns.map(({ name }) => name).join(', ')
  throw new AppError('invalid_input', {
    ja: `列「${target}」がありません。ファイルの列: ${names}`,
    en: `There is no column "${target}". The file has: ${names}`,
  })
}

function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}

async function textsOf(file: OpenedFile): Promise<Texts[]> {
  const columns = file.columns.map(({ name, place }) => ({
    place,
    known: new Map<string, number>(),
    name,
    texts: [] as string[],
    codes: [] as number[],
  }))
  for await (const batch of file.rows()) {
    for (const { cells } of batch) {
      for (const { place, known, texts, codes } of columns) {
        const text = (cells[place] ?? '').trim()
        let code = known.get(text)
        if (code === undefined) {
          code = texts.length
          known.set(text, code)
          texts.push(text)
        }
        codes.push(code)
      }
    }
  }
  return columns
}

function churnFile(columns: Texts[], target: string, wished: string | undefined, commaMayBePoint: boolean): ChurnFile {
  const exact = columns.find(({ name }) => name === target) ?? columns.find(({ name }) => sameName(name, target))!
  const isKnown = exact.texts.map(text => !nothing.has(text.toLowerCase()))
  const rows = Int32Array.from(exact.codes, (_, row) => row).filter(row => isKnown[exact.codes[row]!])
  const { positive, positiveReason } = positiveOf(exact, rows, wished)
  const isPositive = exact.texts.map(text => sameName(text, positive))
  return {
    table: {
      rows: rows.length,
      columns: columns.filter(column => column !== exact).map(column => columnOf(column, rows, commaMayBePoint)),
    },
    labels: Uint8Array.from(rows, row => (isPositive[exact.codes[row]!] ? 1 : 0)),
    target: exact.name,
    positive,
    positiveReason,
    leftOut: exact.codes.length - rows.length,
  }
}

const leaving =
  /^(y|yes|t|true|1|1[.]0+|positive|churn(ed|er)?|left|leaver?|leaving|exit(ed)?|attrit(ed|ion)\b.*|cancel(l?ed)?|lost|gone|inactive|closed|quit|terminated|unsubscribed|discontinued|はい|有|解約(済み?)?|離反|退会(済み?)?|離脱|休眠)$/i
const staying =
  /^(n|no|f|false|0|0[.]0+|negative|retain(ed)?|stay(ed|er)?|exist(ing)?\b.*|active|current|loyal|kept|open|subscribed|renewed|not? churn(ed|er)?|non[- ]?churn(ed|er)?|いいえ|無|継続(中)?|利用中|維持)$/i
/** Targets that name staying: 1 is good there. */
const aboutStaying = /(retain|retention|stay|active|loyal|renew|subscribed|alive|継続|維持|更新)/i
const aboutLeaving = /(churn|attrit|exit|cancel|left|lost|leav|inactive|not_?renew|解約|離反|退会|離脱)/i
const plainYes = /^(y|yes|t|true|1|1[.]0+|はい|有)$/i

/** The value that means leaving: as asked, by its meaning, else the rarer one. */
function positiveOf(target: Texts, rows: Int32Array, wished: string | undefined) {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const text = target.texts[target.codes[row]!]!
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const values = [...counts.keys()]
  if (wished !== undefined) {
    const found = values.find(value => value === wished.trim()) ?? values.find(value => sameName(value, wished))
    if (found !== undefined) return { positive: found, positiveReason: 'asked' as const }
    throw new AppError('invalid_input', {
      ja: `列「${target.name}」に値「${wished}」はありません。値: ${values.slice(0, 10).join(', ')}`,
      en: `The column "${target.name}" has no value "${wished}". It has: ${values.slice(0, 10).join(', ')}`,
    })
  }
  const turned = aboutStaying.test(target.name) && !aboutLeaving.test(target.name)
  const left = values.filter(value => (turned && plainYes.test(value) ? false : leaving.test(value)))
  const stayed = values.filter(value => (turned && plainYes.test(value) ? true : staying.test(value)))
  if (turned && values.length === 2 && stayed.length > 0) {
    const yes = values.find(value => plainYes.test(value))
    if (yes !== undefined) return { positive: values.find(value => value !== yes)!, positiveReason: 'meaning' as const }
  }
  if (left.length === 1) return { positive: left[0]!, positiveReason: 'meaning' as const }
  if (values.length === 2 && stayed.length === 1) {
    return { positive: values.find(value => value !== stayed[0])!, positiveReason: 'meaning' as const }
  }
  if (values.length === 2) {
    const positive = values.toSorted((one, other) => counts.get(one)! - counts.get(other)!)[0]!
    return { positive, positiveReason: 'rarer' as const }
  }
  throw new AppError('invalid_input', {
    ja: `列「${target.name}」には${values.length}種類の値があります。離脱を表す値を --positive で指定してください。値: ${values.slice(0, 10).join(', ')}`,
    en: `The column "${target.name}" has ${values.length} values. Say by --positive which one means leaving: ${values.slice(0, 10).join(', ')}`,
  })
}

function columnOf({ name, texts, codes }: Texts, rows: Int32Array, commaMayBePoint: boolean): Column {
  const counts = new Float64Array(texts.length)
  for (const row of rows) counts[codes[row]!]!++
  const numbers = numbersOf(texts, counts, commaMayBePoint)
  if (numbers) return { name, kind: 'number', values: Float64Array.from(rows, row => numbers[codes[row]!]!) }
  const places = new Map<string, number>()
  const own = Int32Array.from(texts, text => {
    if (nothing.has(text.toLowerCase())) return -1
    if (!places.has(text)) places.set(text, places.size)
    return places.get(text)!
  })
  return { name, kind: 'category', codes: Int32Array.from(rows, row => own[codes[row]!]!), levels: [...places.keys()] }
}

/** The number of every text, NaN for none; undefined where the column is not one of numbers or days. */
function numbersOf(texts: string[], counts: Float64Array, commaMayBePoint: boolean): Float64Array | undefined {
  const point = commaMayBePoint && texts.some(text => /^-?\d+,\d+$/.test(text)) ? ',' : '.'
  const readings = [
    (text: string) => numberOf(text, point),
    (text: string) => numberOf(text, point === '.' ? ',' : '.'),
    (text: string) => {
      const day = /\d/.test(text) ? dayOf(text, 'mdy') : undefined
      return day === undefined ? undefined : Date.parse(day) / 86_400_000
    },
  ]
  for (const reading of readings) {
    const numbers = new Float64Array(texts.length).fill(Number.NaN)
    let [all, read] = [0, 0]
    texts.forEach((text, place) => {
      if (nothingAmongNumbers.has(text.toLowerCase())) return
      all += counts[place]!
      const number = reading(text)
      if (number === undefined) return
      read += counts[place]!
      numbers[place] = number
    })
    if (all > 0 && read >= all * nearlyAll) return numbers
  }
  return texts.every(text => nothing.has(text.toLowerCase()))
    ? new Float64Array(texts.length).fill(Number.NaN)
    : undefined
}
