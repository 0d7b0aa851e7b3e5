import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import { afterDuration, atClock, workingMoment } from '../clock.ts'
import { dateFieldOf } from '../queries/dates.ts'
import type { Batch, Outcome, StepDefinition } from './definition.ts'

/** How often at least a wait for a condition is looked at (ms); changes of facts are followed at once. */
const conditionPace = 3_600_000

export const wait: StepDefinition<'wait'> = {
  async run(_, step, batch) {
    return batch.visitors.map(({ id, resumed, arrivedAt, zone }) =>
      resumed ? { id, way: 'next' } : { id, until: afterDuration(arrivedAt, step, zone), waitsFor: 'time' },
    )
  },
}

export const waitDate: StepDefinition<'wait_date'> = {
  async run(ctx, step, batch) {
    const field = await dateFieldOf(ctx, batch.subject, step.field)
    const ids = batch.visitors.map(({ subjectId }) => subjectId)
    const { rows } = await sql<{ id: string; day: string | null }>`
      select c.id, (${field.day} + ${step.offsetDays}::int)::text as day
      from ${sql.table(batch.subject)} c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])`.execute(
      ctx.tx,
    )
    const days = new Map(rows.map(({ id, day }) => [id, day]))
    return batch.visitors.map(({ id, subjectId, resumed, zone }): Outcome => {
      const day = days.get(subjectId)
      const at = day && atClock(day, step.at, zone)
      // The date may be changed meanwhile: it counts as it then is, so that this waits for facts, too.
      if (at && at > ctx.now) return { id, until: at, waitsFor: 'condition' }
      if (resumed) return { id, way: 'next' }
      return { id, way: 'next', skipped: true, reason: at ? 'date_passed' : 'no_date' }
    })
  },
}

export const waitWorkingHour: StepDefinition<'wait_working_hour'> = {
  async run(ctx, step, batch) {
    const hours = { start: step.from, end: step.until }
    const zones = new Set(batch.visitors.map(({ zone }) => zone))
    const begins = new Map([...zones].map(zone => [zone, workingMoment(ctx.now, hours, zone)]))
    return batch.visitors.map(({ id, zone }): Outcome => {
      const until = begins.get(zone)!
      return until > ctx.now ? { id, until, waitsFor: 'time' } : { id, way: 'next' }
    })
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
