export const delimiters = [',', '\t', ';', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/**
 * The delimiter of a CSV text by its first lines: the one that divides most lines into the same number of cells, more
 * than one. Characters in quotes do not count.
 * @param text the beginning of the file, decoded
 */
export function detectDelimiter(text: string): Delimiter {
  const lines = firstLines(text, 50)
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const counts = lines.map(line => line[delimiter])
    const usual = mostFrequent(counts.filter(count => count > 0))
    if (usual === 0) continue
    const agreeing = counts.filter(count => count === usual).length / counts.length
    const score = agreeing * 100 + Math.min(usual, 50)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

type Counts = Record<Delimiter, number>

/** How often each delimiter stands outside of quotes, line by line; a line break in quotes ends no line. */
function firstLines(text: string, most: number): Counts[] {
  const lines: Counts[] = []
  let counts: Counts = { ',': 0, '\t': 0, ';': 0, '|': 0 }
  let quoted = false
  let length = 0
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (character === '\n' && !quoted) {
      if (length > 0) lines.push(counts)
      counts = { ',': 0, '\t': 0, ';': 0, '|': 0 }
      length = 0
      if (lines.length === most) return lines
      continue
    }
    length += character === '\r' ? 0 : 1
    if (!quoted && character in counts) counts[character as Delimiter]++
  }
  if (length > 0) lines.push(counts)
  return lines
}

function mostFrequent(counts: number[]): number {
  const times = new Map<number, number>()
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1)
  return [...times].sort((one, other) => other[1] - one[1] || other[0] - one[0])[0]?.[0] ?? 0
}
