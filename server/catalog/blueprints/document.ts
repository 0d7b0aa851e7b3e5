import { isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Locale, Words } from '../../platform/errors/words.ts'
import { readShape } from '../../platform/http/read-shape.ts'

/** One YAML file of a blueprint. */
export interface BlueprintFile {
  name: string
  text: string
}

/** What is wrong with a file, and where: lines and columns count from 1. */
export interface BlueprintFault {
  file: string
  line: number
  column: number
  /** Where in the document, such as `scorecards.0.definition.bands`. */
  path: string
  message: Words
}

/** A part of a blueprint as it stands in a file: what is below one key at the top. */
export interface BlueprintPart {
  section: string
  value: unknown
  /** The place of something in the file, by its path below the section. */
  placeOf(path: readonly PropertyKey[]): Pick<BlueprintFault, 'file' | 'line' | 'column' | 'path'>
}

/** Most bytes that one file may have; aliases cannot multiply it. */
const largest = 2 * 1024 * 1024
/** Faults of one part that are told. */
const mostFaults = 50

/** Reads the files of a blueprint: each is a mapping of sections. Nothing is known yet of what the sections hold. */
export function readDocuments(files: readonly BlueprintFile[]): { parts: BlueprintPart[]; faults: BlueprintFault[] } {
  const parts: BlueprintPart[] = []
  const faults: BlueprintFault[] = []
  for (const { name: file, text } of files) {
    if (text.length > largest) {
      faults.push(faultOf(file, [1, 1], '', tooLarge))
      continue
    }
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false, schema: 'core' })
    const at = (offset: number): [number, number] => {
      const { line, col } = lines.linePos(offset)
      return [Math.max(1, line), Math.max(1, col)]
    }
    if (document.errors.length > 0) {
      for (const error of document.errors.slice(0, mostFaults)) {
        const reason = error.message.split(' at line')[0]!
        faults.push(
          faultOf(file, at(error.pos[0]), '', {
            ja: `YAMLとして読めません（${reason}）。`,
            en: `No valid YAML: ${reason}.`,
          }),
        )
      }
      continue
    }
    let content: unknown
    try {
      // An alias may stand for a part once or twice, not for a bomb.
      content = document.toJS({ maxAliasCount: 100 })
    } catch {
      faults.push(faultOf(file, [1, 1], '', tooLarge))
      continue
    }
    if (content === null || content === undefined) continue
    if (typeof content !== 'object' || Array.isArray(content)) {
      faults.push(faultOf(file, [1, 1], '', noMapping))
      continue
    }
    for (const [section, value] of Object.entries(content)) {
      const placeOf = (path: readonly PropertyKey[]) => {
        const full = [section, ...path.map(part => (typeof part === 'symbol' ? String(part) : part))]
        for (let length = full.length; length > 0; length -= 1) {
          const node = document.getIn(full.slice(0, length), true)
          if (isNode(node) && node.range) {
            const [line, column] = at(node.range[0])
            return { file, line, column, path: full.join('.') }
          }
        }
        return { file, line: 1, column: 1, path: full.join('.') }
      }
      parts.push({ section, value, placeOf })
    }
  }
  return { parts, faults }
}

/** Holds a part against a shape; faults come in the reader's language, with their lines. */
export function readPart<Shape extends z.ZodType>(
  part: BlueprintPart,
  shape: Shape,
  locale: Locale,
): { value: z.output<Shape>; faults?: undefined } | { faults: BlueprintFault[] } {
  const read = readShape(shape, part.value, locale)
  if (!read.faults) return read
  return { faults: read.faults.slice(0, mostFaults).map(({ path, message }) => ({ ...part.placeOf(path), message })) }
}

const tooLarge: Words = {
  ja: 'ファイルが大きすぎます。2MBまでに分けてください。',
  en: 'The file is too large: at most 2 MB. Split it up.',
}
const noMapping: Words = {
  ja: 'ファイルの最上位には「scorecards:」「segments:」などの見出しを並べてください。',
  en: 'At the top of the file stand sections such as "scorecards:" or "segments:".',
}

function faultOf(file: string, [line, column]: [number, number], path: string, message: Words): BlueprintFault {
  return { file, line, column, path, message }
}
