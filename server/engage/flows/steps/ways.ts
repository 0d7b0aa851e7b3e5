import { createHash } from 'node:crypto'
import type { Outcome, StepDefinition } from './definition.ts'
import { meeting } from './waits.ts'

/** The first case whose condition holds. */
export const branch: StepDefinition<'branch'> = {
  async run(ctx, step, batch) {
    const ways = new Map<string, string>()
    for (const [place, { condition }] of step.cases.entries()) {
      const left = batch.visitors.filter(({ id }) => !ways.has(id))
      if (left.length === 0) break
      const met = await meeting(ctx, { subject: batch.subject, visitors: left }, condition)
      for (const { id, subjectId } of left) if (met.has(subjectId)) ways.set(id, `case:${place}`)
    }
    return batch.visitors.map(({ id }): Outcome => ({ id, way: ways.get(id) ?? 'otherwise' }))
  },
}

/** By the id of the enrolment and the key of the step: whoever looks again finds the same arm. */
export const split: StepDefinition<'split'> = {
  async run(_, step, batch) {
    const total = step.arms.reduce((sum, { weight }) => sum + weight, 0)
    return batch.visitors.map(({ id }): Outcome => {
      const digest = createHash('sha256').update(`${id} ${step.key}`).digest()
      let left = (digest.readUInt32BE(0) / 2 ** 32) * total
      const place = step.arms.findIndex(({ weight }) => {
        left -= weight
        return left < 0
      })
      return { id, way: `arm:${place < 0 ? step.arms.length - 1 : place}` }
    })
  },
}
