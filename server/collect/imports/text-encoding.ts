/** Encodings of text files, as the WHATWG Encoding Standard names them. */
export const encodings = ['utf-8', 'shift_jis', 'euc-jp', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

/**
 * The encoding of a text by its beginning: a byte order mark, else the first of UTF-8, Shift-JIS and EUC-JP in which it
 * is valid. Bytes that are no text in it show later, in the rows where they stand.
 * @param sample the first bytes of the file @param whole the sample is all there is
 */
export function detectEncoding(sample: Uint8Array, whole: boolean): Encoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8'
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  const wide = wideOrder(sample)
  if (wide) return wide
  if (isValid(sample, 'utf-8', whole)) return 'utf-8'
  const candidates = (['shift_jis', 'euc-jp'] as const).filter(name => isValid(sample, name, whole))
  if (candidates.length === 2) {
    // EUC-JP read as Shift-JIS is a row of half-width katakana, which nobody writes.
    const text = new TextDecoder('shift_jis').decode(sample)
    const narrow = text.match(/[\uff61-\uff9f]/g)?.length ?? 0
    const other = text.match(/[\u3040-\u30ff\u4e00-\u9fff]/g)?.length ?? 0
    return narrow > other ? 'euc-jp' : 'shift_jis'
  }
  return candidates[0] ?? mostlyUtf8(sample)
}

/** UTF-16 without a mark: every other byte of plain text is NUL. */
function wideOrder(sample: Uint8Array): Encoding | undefined {
  const length = Math.min(sample.length, 4_096) & ~1
  if (length < 8) return undefined
  let even = 0
  let odd = 0
  for (let index = 0; index < length; index += 2) {
    if (sample[index] === 0) even++
    if (sample[index + 1] === 0) odd++
  }
  const many = length / 2 / 3
  if (odd > many && even < many / 4) return 'utf-16le'
  if (even > many && odd < many / 4) return 'utf-16be'
  return undefined
}

function isValid(sample: Uint8Array, encoding: Encoding, whole: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: !whole })
    return true
  } catch {
    return false
  }
}

/** A few bad bytes in UTF-8 are damage; many mean a single-byte encoding of western Europe. */
function mostlyUtf8(sample: Uint8Array): Encoding {
  const text = new TextDecoder('utf-8').decode(sample)
  const bad = text.match(/\ufffd/g)?.length ?? 0
  const good = text.match(/[\u0080-\ufffc]/g)?.length ?? 0
  const controls = sample.subarray(0, 65_536).filter(byte => byte >= 0x80 && byte < 0xa0).length
  return bad > good && controls === 0 ? 'windows-1252' : 'utf-8'
}

/** Decodes a stream; the byte order mark goes, and bytes that are no text become U+FFFD, which no cell may hold. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) {
    // Pieces of a bounded size: a text of many megabytes at once would not be flat in memory.
    for (let start = 0; start < piece.length; start += pieceSize) {
      const text = decoder.decode(piece.subarray(start, start + pieceSize), { stream: true })
      if (text !== '') yield text
    }
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

const pieceSize = 65_536
