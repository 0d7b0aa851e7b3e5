import type { Condition } from '../../../server/catalog/conditions/contract.ts'

/** How the parts of a group go together. */
export type Mode = 'all' | 'any' | 'none'

export interface Group {
  mode: Mode
  parts: readonly Condition[]
}

/** A condition as a group: one that is none becomes a group of one. */
export function groupOf(condition: Condition | undefined): Group {
  if (condition === undefined) return { mode: 'all', parts: [] }
  if ('all' in condition) return { mode: 'all', parts: condition.all }
  if ('any' in condition) return { mode: 'any', parts: condition.any }
  if ('not' in condition && 'any' in condition.not) return { mode: 'none', parts: condition.not.any }
  return { mode: 'all', parts: [condition] }
}

export function conditionOf({ mode, parts }: Group): Condition {
  const list = [...parts]
  if (mode === 'all') return { all: list }
  return mode === 'any' ? { any: list } : { not: { any: list } }
}

/** Whether a part is shown as a group of its own. */
export function isGroup(condition: Condition): boolean {
  return 'all' in condition || 'any' in condition || ('not' in condition && 'any' in condition.not)
}

/** Whether every part says enough to be asked for. */
export function isComplete(condition: Condition): boolean {
  if ('all' in condition) return condition.all.every(isComplete)
  if ('any' in condition) return condition.any.every(isComplete)
  if ('not' in condition) return isComplete(condition.not)
  if ('customer' in condition) return isComplete(condition.customer)
  if ('contacts' in condition) return condition.where === undefined || isComplete(condition.where)
  if ('field' in condition) {
    if (condition.op === 'is_set' || condition.op === 'is_empty') return true
    return Array.isArray(condition.value)
      ? condition.value.length > 0
      : condition.value !== undefined && condition.value !== ''
  }
  if ('metric' in condition) return condition.metric !== ''
  return condition.event !== ''
}
