import { describe, expect, it } from 'vitest'
import { flowDocument } from '../../../server/engage/flows/contract/document.ts'
import { graphFaults } from '../../../server/engage/flows/contract/graph.ts'
import { insertStep, lead, removeSteps } from './graph-edits.ts'
import { drawnWays, layOut } from './graph-layout.ts'

const nothing = flowDocument.parse({ subject: 'customer', triggers: [{ kind: 'manual' }] })
const start = { step: null, way: 'start' }

describe('edits of the graph', () => {
  it('put a step on a way: what came after it comes after the step', () => {
    const one = insertStep(nothing, start, 'task')
    const two = insertStep(one.document, start, 'wait')
    const three = insertStep(two.document, { step: two.key, way: 'next' }, 'wait')
    expect([one.key, two.key, three.key]).toEqual(['task', 'wait', 'wait-2'])
    expect(drawnWays(three.document).map(({ from, to }) => [from, to])).toEqual([
      [':triggers', 'wait'],
      ['task', ':end/task/next'],
      ['wait', 'wait-2'],
      ['wait-2', 'task'],
    ])
    expect(graphFaults(three.document).map(({ path }) => path)).toEqual(['steps.0.title'])
  })

  it('put a branch in with what came there on its first case', () => {
    const { document } = insertStep(insertStep(nothing, start, 'task').document, start, 'branch')
    expect(drawnWays(document).map(({ from, way, to, ends }) => [from, way, ends ? null : to])).toEqual([
      [':triggers', 'start', 'branch'],
      ['task', 'next', null],
      ['branch', 'case:0', 'task'],
      ['branch', 'otherwise', null],
    ])
  })

  it('take steps away and close the gap; a step that led to itself ends there', () => {
    const { document } = insertStep(insertStep(nothing, start, 'task').document, start, 'wait')
    expect(removeSteps(document, ['wait']).start).toBe('task')
    expect(removeSteps(document, ['wait', 'task'])).toMatchObject({ start: null, steps: [] })
    const circle = lead(document, { step: 'wait', way: 'next' }, 'wait')
    expect(removeSteps(circle, ['wait']).start).toBeNull()
  })

  it('are drawn without two nodes on one place', () => {
    let { document } = insertStep(nothing, start, 'split')
    for (const way of ['arm:0', 'arm:1']) document = insertStep(document, { step: 'split', way }, 'task').document
    const places = [...layOut(document).values()].map(({ x, y }) => `${x} ${y}`)
    expect(new Set(places).size).toBe(places.length)
  })
})
