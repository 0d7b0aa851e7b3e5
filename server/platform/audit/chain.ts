import { createHash } from 'node:crypto'
import type { JsonValue } from '../context/context.ts'

/** A line of the audit log as it enters the hash; every stored column but the hash itself. */
export interface AuditLine {
  sequence: number
  /** ISO 8601 in UTC with milliseconds. */
  at: string
  actorKind: string
  actorId: string | null
  action: string
  outcome: string
  subjectKind: string | null
  subjectId: string | null
  details: JsonValue
  requestId: string
  network: string | null
}

/** Before the first line. */
export const chainStart = Buffer.alloc(32)

/** The hash of a line: SHA-256 over the hash before it and the line, so that no line can change without all after it. */
export function chainHash(previous: Buffer, line: AuditLine): Buffer {
  const text = JSON.stringify([
    line.sequence,
    line.at,
    line.actorKind,
    line.actorId,
    line.action,
    line.outcome,
    line.subjectKind,
    line.subjectId,
    canonical(line.details),
    line.requestId,
    line.network,
  ])
  return createHash('sha256').update(previous).update(text).digest()
}

/** jsonb keeps no order of keys: both sides of the comparison sort them. */
function canonical(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner)])
}
