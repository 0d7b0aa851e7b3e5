import { folded } from './choice-text.ts'

/** The words of a header: capitals inside and signs divide, brackets with units go. */
function wordsOf(header: string): string[] {
  return header
    .normalize('NFKC')
    .replace(/[([{【].*?[)\]}】]/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}

/** A header made ready for comparing many times. */
export interface Header {
  whole: string
  bare: string
  words: string[]
}

export function headerOf(text: string): Header {
  const words = wordsOf(text)
  return { whole: folded(text).replace(/[()（）[\]]/g, ''), bare: words.join(''), words }
}

/**
 * How well a column's header fits one that is known: 1 for the same words, less where it only contains them or differs
 * by a letter or two, 0 for nothing in common.
 */
export function headerScore(column: Header, known: Header): number {
  if (known.bare === '' || column.bare === '') return 0
  if (column.whole === known.whole) return 1
  if (column.bare === known.bare) return 0.97
  const isCjk = /[\u3040-\u30ff\u3400-\u9fff]/.test(known.bare)
  if (isCjk) {
    if (known.bare.length >= 2 && column.bare.includes(known.bare))
      return 0.55 + 0.35 * (known.bare.length / column.bare.length)
  } else if (known.bare.length >= 3 && containsWords(column.words, known.words)) {
    return 0.5 + 0.35 * (known.words.length / column.words.length)
  }
  const length = Math.max(known.bare.length, column.bare.length)
  if (isCjk || length < 5 || length > 40) return 0
  const distance = editDistance(known.bare, column.bare)
  return distance <= (length >= 9 ? 2 : 1) ? 0.85 - 0.08 * distance : 0
}

function containsWords(words: string[], wanted: string[]): boolean {
  for (let start = 0; start + wanted.length <= words.length; start++) {
    if (wanted.every((word, index) => words[start + index] === word)) return true
  }
  return false
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(one: string, other: string): number {
  let before: number[] = []
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let place = 1; place <= other.length; place++) {
      const cost = one[row - 1] === other[place - 1] ? 0 : 1
      let least = Math.min(previous[place]! + 1, current[place - 1]! + 1, previous[place - 1]! + cost)
      if (row > 1 && place > 1 && one[row - 1] === other[place - 2] && one[row - 2] === other[place - 1]) {
        least = Math.min(least, before[place - 2]! + 1)
      }
      current[place] = least
    }
    before = previous
    previous = current
  }
  return previous[other.length]!
}
