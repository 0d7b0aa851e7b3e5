import { describe, expect, it } from 'vitest'
import {
  bodyOf,
  copyOf,
  emptyDraft,
  moved,
  newTask,
  newWarning,
  placeOf,
  withoutPhase,
  withoutTask,
  withPhase,
  withTaskMoved,
} from './draft.ts'

const keys = (list: readonly { key: string }[]) => list.map(({ key }) => key)

/** Two phases, a and b, with the tasks a1, b1, a2, b2 and a warning on a1. */
function two() {
  const { definition } = emptyDraft()
  const [a, b] = ['a', 'b'].map(key => ({ ...definition.phases[0]!, key }))
  const task = (key: string, phase: typeof a) => ({ ...newTask(phase!), key })
  return {
    ...definition,
    phases: [a!, b!],
    tasks: [task('a1', a), task('b1', b), task('a2', a), task('b2', b)],
    warnings: [{ ...newWarning(5), key: 'late', unless: undefined, tasks: ['a1', 'b1'] }],
  }
}

describe('ONB-1: a template while it is changed', () => {
  it('ONB-1: tasks move within their phase, and stop at its ends', () => {
    expect(keys(withTaskMoved(two(), 'a2', -1).tasks)).toEqual(['a2', 'b1', 'a1', 'b2'])
    expect(keys(withTaskMoved(two(), 'a1', -1).tasks)).toEqual(['a1', 'b1', 'a2', 'b2'])
    expect(keys(withTaskMoved(two(), 'b2', 1).tasks)).toEqual(['a1', 'b1', 'a2', 'b2'])
    expect(keys(withTaskMoved(two(), 'gone', 1).tasks)).toEqual(['a1', 'b1', 'a2', 'b2'])
    expect([moved([1, 2, 3], 0, 1), moved([1, 2, 3], 2, 1), moved([1, 2, 3], 0, -1)]).toEqual([
      [2, 1, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
  })

  it('ONB-1: what goes is named nowhere any more', () => {
    expect(withoutTask(two(), 'a1').warnings[0]!.tasks).toEqual(['b1'])
    const left = withoutPhase(two(), 'a')
    expect([keys(left.phases), keys(left.tasks), left.warnings[0]!.tasks]).toEqual([['b'], ['b1', 'b2'], ['b1']])
  })

  it('ONB-1: a further phase begins after the last one, and the journey has room for it', () => {
    const longer = withPhase(emptyDraft().definition)
    expect([longer.days, longer.phases[1]!.fromDay, longer.phases[1]!.toDay]).toEqual([31, 31, 31])
    const room = withPhase({ ...emptyDraft().definition, days: 90 })
    expect([room.days, room.phases[1]!.fromDay, room.phases[1]!.toDay]).toEqual([90, 31, 90])
  })

  it('ONB-1: one language stands for the other, and a copy starts nobody by itself', () => {
    const draft = { ...emptyDraft(), nameJa: '導入', starts: { on: 'contract' as const, condition: null } }
    draft.definition.tasks[0]!.titleEn = 'Call'
    const body = bodyOf(draft)
    expect([body.nameEn, body.definition.tasks[0]!.titleJa, body.definition.tasks[0]!.descriptionJa]).toEqual([
      '導入',
      'Call',
      '',
    ])
    const copy = copyOf({ ...draft, nameEn: 'Intro' } as never)
    expect([copy.nameJa, copy.nameEn, copy.starts]).toEqual(['導入のコピー', 'Copy of Intro', null])
  })

  it('ONB-1: faults deep inside a condition belong to its field', () => {
    expect(placeOf('body.definition.tasks.3.condition.all.0.value')).toBe('body.definition.tasks.3.condition')
    expect(placeOf('body.definition.phases.0.measures.1.condition')).toBe(
      'body.definition.phases.0.measures.1.condition',
    )
    expect(placeOf('body.definition.warnings.0.tasks.2')).toBe('body.definition.warnings.0.tasks')
    expect(placeOf('body.definition.tasks.3.dueDay')).toBe('body.definition.tasks.3.dueDay')
  })
})
