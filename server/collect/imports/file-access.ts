import { Readable } from 'node:stream'
import type { RandomAccess } from './workbook.ts'

/** A file that lies in parts, read from its beginning or at any place. */
export interface FileAccess extends RandomAccess {
  /** From the beginning, part by part. */
  bytes(): AsyncGenerator<Uint8Array>
  /** Share of the file that has been read at least once from its beginning. */
  progress(): number
}

/** Parts that are kept in memory: a workbook is read at several places by turns. */
const keptParts = 3

/**
 * A file in parts, all but the last of the same size.
 * @param sizes bytes of each part @param readPart gives a part; called as often as the part is not kept in memory
 */
export function openParts(sizes: readonly number[], readPart: (number: number) => Promise<Uint8Array>): FileAccess {
  const size = sizes.reduce((sum, part) => sum + part, 0)
  const kept = new Map<number, Promise<Uint8Array>>()
  let consumed = 0
  const part = (number: number): Promise<Uint8Array> => {
    const known = kept.get(number)
    kept.delete(number)
    const content = known ?? readPart(number)
    kept.set(number, content)
    // Forgotten again when it fails: the next attempt asks anew.
    if (!known) content.catch(() => kept.delete(number))
    for (const oldest of kept.keys()) {
      if (kept.size <= keptParts) break
      kept.delete(oldest)
    }
    return content
  }
  async function* range(start: number, end: number): AsyncGenerator<Uint8Array> {
    let begin = 0
    for (const [number, length] of sizes.entries()) {
      if (begin + length > start && begin < end) {
        const content = await part(number)
        yield content.subarray(Math.max(0, start - begin), Math.min(length, end - begin))
        consumed = Math.max(consumed, Math.min(begin + length, end))
      }
      begin += length
    }
  }
  return {
    size,
    stream: (start, end) => Readable.from(range(start, end), { objectMode: false }),
    bytes: () => range(0, size),
    progress: () => (size === 0 ? 1 : Math.min(1, consumed / size)),
  }
}
