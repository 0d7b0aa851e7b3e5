import { fileFault } from './file-fault.ts'
import { longestRecord, mostColumns, type Problem, problemOf } from './row.ts'

/** A line of a JSON file: its values by (dotted) key. */
export interface JsonRow {
  row: number
  values: Map<string, string>
  problem?: Problem
}

const deepest = 8
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads JSON lines in batches: one object a line; objects in it become dotted keys, lists of plain values are joined by
 * a semicolon. A line that is no such object is a row with a problem.
 * @throws AppError `invalid_input` for a line that is too long and for a file that is one list
 */
export async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<JsonRow[]> {
  let row = 0
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    if (rest.length > longestRecord) throw tooLong(row + 1 + lines.length)
    const rows: JsonRow[] = []
    for (const line of lines) {
      row++
      if (line.length > longestRecord) throw tooLong(row)
      const read = readLine(line, row)
      if (read) rows.push(read)
    }
    if (rows.length > 0) yield rows
  }
  const last = readLine(rest, row + 1)
  if (last) yield [last]
}

function readLine(line: string, row: number): JsonRow | undefined {
  const text = line.trim()
  if (text === '') return undefined
  if (row === 1 && text.startsWith('[')) {
    throw fileFault(
      {
        ja: 'JSONの配列です。1行に1つのオブジェクトを書いた形式（JSON Lines）に変換してください。',
        en: 'This is a JSON list. Write one object a line instead (JSON lines).',
      },
      { row },
    )
  }
  const values = new Map<string, string>()
  if (nesting(text) > deepest) return { row, values, problem: problemOf(null, 'too_deep', undefined, `${deepest}`) }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { row, values, problem: problemOf(null, 'not_json', text) }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { row, values, problem: problemOf(null, 'not_object', text) }
  }
  flatten(value as Record<string, unknown>, '', values)
  if (values.size > mostColumns) {
    return { row, values: new Map(), problem: problemOf(null, 'too_many_keys', undefined, `${mostColumns}`) }
  }
  return { row, values }
}

/** How deep brackets go, told before the text is parsed: nothing here may recurse as deep as a hostile line wants. */
function nesting(text: string): number {
  let depth = 0
  let most = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === 0x5c) index++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return most
}

function flatten(value: Record<string, unknown>, prefix: string, into: Map<string, string>): void {
  for (const [key, part] of Object.entries(value)) {
    if (forbidden.has(key)) continue
    const name = prefix + key
    if (Array.isArray(part)) into.set(name, part.map(plain).join(';'))
    else if (typeof part === 'object' && part !== null) flatten(part as Record<string, unknown>, `${name}.`, into)
    else into.set(name, plain(part))
  }
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function tooLong(row: number) {
  return fileFault(
    {
      ja: '1行が長すぎます（上限約100万文字）。1行に1つのオブジェクトを書いてください。',
      en: 'This line is longer than a million characters. Write one object a line.',
    },
    { row },
  )
}
