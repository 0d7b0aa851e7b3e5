import { createHash } from 'node:crypto'
import type { Trigger } from './contract/triggers.ts'

/** By what the matches of a trigger are known: a trigger that is changed begins anew. */
export function digestOf(trigger: Trigger): string {
  return createHash('sha256').update(JSON.stringify(trigger)).digest('hex').slice(0, 32)
}
