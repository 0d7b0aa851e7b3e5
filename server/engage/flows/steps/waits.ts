import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import { afterDuration, workingMoment } from '../clock.ts'
import { dateFieldOf } from '../queries/dates.ts'
import { allBy, type Batch, type Outcome, type StepDefinition } from './definition.ts'

/** How often at least a wait for a condition is looked at (ms); changes of facts are followed at once. */
const conditionPace = 3_600_000

export const wait: StepDefinition<'wait'> = {
  async run(_, step, batch) {
    return batch.visitors.map(({ id, resumed, arrivedAt }) =>
      resumed ? { id, way: 'next' } : { id, until: afterDuration(arrivedAt, step, batch.zone), waitsFor: 'time' },
    )
  },
}

export const waitDate: StepDefinition<'wait_date'> = {
  async run(ctx, step, batch) {
    const field = await dateFieldOf(ctx, batch.subject, step.field)
    const ids = batch.visitors.map(({ subjectId }) => subjectId)
    const { rows } = await sql<{ id: string; at: Date | null }>`
      select c.id, ((${field.day} + ${step.offsetDays}::int + ${step.at}::time) at time zone ${batch.zone}) as at
      from ${sql.table(batch.subject)} c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(
      ctx.tx,
    )
    const moments = new Map(rows.map(({ id, at }) => [id, at]))
    return batch.visitors.map(({ id, subjectId, resumed }): Outcome => {
      const at = moments.get(subjectId)
      // The date may have been changed meanwhile: it counts as it is now.
      if (at && at > ctx.now) return { id, until: at, waitsFor: 'time' }
      if (resumed) return { id, way: 'next' }
      return { id, way: 'next', skipped: true, reason: at ? 'date_passed' : 'no_date' }
    })
  },
}

export const waitWorkingHour: StepDefinition<'wait_working_hour'> = {
  async run(ctx, step, batch) {
    const until = workingMoment(ctx.now, { start: step.from, end: step.until }, batch.zone)
    return until > ctx.now ? batch.visitors.map(({ id }) => ({ id, until, waitsFor: 'time' })) : allBy(batch, 'next')
  },
}

export const waitCondition: StepDefinition<'wait_condition'> = {
  async run(ctx, step, batch) {
    const met = await meeting(ctx, batch, step.condition)
    return batch.visitors.map(({ id, subjectId, arrivedAt }): Outcome => {
      if (met.has(subjectId)) return { id, way: 'met' }
      const end = arrivedAt.getTime() + step.timeoutDays * 86_400_000
      if (end <= ctx.now.getTime()) return { id, way: 'timeout' }
      return { id, until: new Date(Math.min(end, ctx.now.getTime() + conditionPace)), waitsFor: 'condition' }
    })
  },
}

/** Which subjects of a batch meet a condition. */
export async function meeting(
  ctx: Context,
  batch: Pick<Batch, 'subject' | 'visitors'>,
  condition: Parameters<typeof matchingRecords>[2],
): Promise<Set<string>> {
  const ids = batch.visitors.map(({ subjectId }) => subjectId)
  const matching = await matchingRecords(ctx, batch.subject, condition, sql`select unnest(${ids}::uuid[])`)
  const { rows } = await sql<{ id: string }>`${matching}`.execute(ctx.tx)
  return new Set(rows.map(({ id }) => id))
}
