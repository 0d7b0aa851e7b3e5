import type { FindingCode } from './rejection.ts'

/** Bytes of one event. */
const largestEvent = 32_768
const deepest = 32

/** What to look for in texts: JSON without escapes and broken bytes cannot hold any of it. */
export interface Suspicion {
  escapes: boolean
  damaged: boolean
}

/** Counts characters, as a lower bound of the bytes; three times that is an upper one. */
interface Count {
  size: number
  suspicion: Suspicion
}

/**
 * Looks through a whole message for what must not be stored: too large, too deep, texts that PostgreSQL cannot hold,
 * numbers out of range, and the one key that changes objects.
 */
export function hazardIn(message: object, suspicion: Suspicion): FindingCode | undefined {
  const count: Count = { size: 0, suspicion }
  const hazard = look(message, 0, count)
  if (hazard) return hazard
  if (count.size * 3 <= largestEvent) return undefined
  return Buffer.byteLength(JSON.stringify(message)) > largestEvent ? 'too_large' : undefined
}

function look(value: unknown, depth: number, count: Count): FindingCode | undefined {
  if (typeof value === 'string') return lookAtText(value, count)
  if (typeof value === 'number') {
    count.size += 8
    return Number.isFinite(value) ? undefined : 'bad_number'
  }
  if (typeof value !== 'object' || value === null) {
    count.size += 5
    return undefined
  }
  if (depth >= deepest) return 'too_deep'
  count.size += 2
  if (count.size > largestEvent) return 'too_large'
  if (Array.isArray(value)) {
    for (const item of value) {
      const hazard = look(item, depth + 1, count)
      if (hazard) return hazard
    }
    return undefined
  }
  for (const key in value) {
    if (key === '__proto__') return 'bad_key'
    const hazard = lookAtText(key, count) ?? look((value as Record<string, unknown>)[key], depth + 1, count)
    if (hazard) return hazard
  }
  return undefined
}

function lookAtText(text: string, count: Count): FindingCode | undefined {
  count.size += text.length + 3
  if (count.size > largestEvent) return 'too_large'
  const { escapes, damaged } = count.suspicion
  if (escapes && (text.includes('\u0000') || !text.isWellFormed())) return 'bad_text'
  return damaged && text.includes('\ufffd') ? 'bad_text' : undefined
}
