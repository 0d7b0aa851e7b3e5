import { sql } from 'kysely'
import { type Context, record } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import type { TrainingResult, TrainingSet } from '../../../platform/learning/training.ts'
import type { Inside } from '../../../platform/tenancy/inside.ts'
import { metricsOf } from '../../metrics/queries/definitions.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import { categories } from '../features.ts'
import { ColumnBuilder, dayNumber, observationDays } from '../observations.ts'
import { featuresOf, historyOf, observationsOn } from '../queries/observations.ts'

/** Observations that a training looks at; of more, a share of the customers is taken. */
const mostRows = 150_000
/** Days on which customers are looked at. */
const mostDays = 24

/** A training as its job finds it. */
export interface Training {
  id: string
  settings: ChurnSettings
  seed: number
}

/** @returns undefined when it is over, or was cancelled before it began */
export async function openTraining(ctx: Context, id: string): Promise<Training | undefined> {
  const { rows } = await sql<Training & { state: string; cancelling: boolean }>`
    select id, settings, seed, state, cancelling from churn_model where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  const found = rows[0]
  if (found?.state !== 'training') return undefined
  if (!found.cancelling) return found
  await endTraining(ctx, id, 'cancelled')
  return undefined
}

/** Notes how far a training is. @returns whether somebody asked it to stop */
export async function noteProgress(ctx: Context, id: string, stage: string, progress: number): Promise<boolean> {
  const { rows } = await sql<{ cancelling: boolean }>`
    update churn_model set stage = ${stage}, progress = ${progress} where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'training'
    returning cancelling`.execute(ctx.tx)
  return rows[0]?.cancelling ?? true
}

/**
 * Looks at customers as they were on past days, a transaction a day.
 * @param onDay told after each day, 0 to 1
 */
export async function gatherTraining(
  inside: Inside,
  { settings }: Training,
  onDay: (share: number) => Promise<void>,
): Promise<{ set: TrainingSet; days: string[]; left: number }> {
  const { features, history } = await inside(async ctx => ({
    features: featuresOf(await metricsOf(ctx)),
    history: await historyOf(ctx, settings),
  }))
  // Before the first facts there is nothing to see; the longest windows of the main figures are about a month.
  const oldest = new Date(Date.parse(history.oldest ?? history.today) + 30 * 86_400_000).toISOString().slice(0, 10)
  const days = observationDays(history.today, oldest, settings.horizonDays, mostDays)
  const share = Math.min(1, mostRows / Math.max(1, history.customers * days.length))
  const builder = new ColumnBuilder(
    features,
    categories.map(({ name }) => name),
  )
  const groups = new Map<string, number>()
  const [labels, groupOf, times, healths]: [number[], number[], number[], number[]] = [[], [], [], []]
  const leavers = new Set<string>()
  for (const [place, day] of days.entries()) {
    for (const row of await inside(ctx => observationsOn(ctx, settings, features, day, { share }))) {
      builder.add(row)
      if (!groups.has(row.customer)) groups.set(row.customer, groups.size)
      groupOf.push(groups.get(row.customer)!)
      labels.push(row.left ? 1 : 0)
      times.push(dayNumber(day))
      healths.push(row.health === null ? Number.NaN : 100 - row.health)
      if (row.left) leavers.add(row.customer)
    }
    await onDay((place + 1) / days.length)
  }
  const set: TrainingSet = {
    table: builder.table(),
    labels: Uint8Array.from(labels),
    groups: Int32Array.from(groupOf),
    times: Int32Array.from(times),
    baselines: known(healths) ? [{ name: 'health', scores: Float64Array.from(healths) }] : [],
  }
  return { set, days, left: leavers.size }
}

/** A score that most customers did not have yet on those days says nothing of how good it is. */
function known(scores: readonly number[]): boolean {
  return scores.filter(score => !Number.isNaN(score)).length >= scores.length * 0.8
}

/** Keeps what was learned: from now on it can be looked at and promoted. */
export async function saveTraining(
  ctx: Context,
  id: string,
  { models, proposed, refused }: TrainingResult,
  { set, days }: { set: TrainingSet; days: string[] },
): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    update churn_model set state = 'ready', algorithm = ${proposed}, proposed = ${proposed}, stage = null, progress = 1,
      days = ${days}::date[], refused = ${JSON.stringify(refused)}::jsonb, rows = ${set.table.rows},
      positives = ${set.labels.reduce((sum, label) => sum + label, 0)}, trained_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'training' returning version`.execute(ctx.tx)
  if (!rows[0]) return
  for (const algorithm of ['forest', 'boosting'] as const) {
    const learned = models[algorithm]
    if (!learned) continue
    const { bytes, report } = learned
    await sql`
      insert into churn_model_content (tenant_id, model_id, algorithm, content, report)
      values (${ctx.tenantId}, ${id}, ${algorithm}, ${Buffer.from(bytes)}, ${JSON.stringify(report)}::jsonb)`.execute(
      ctx.tx,
    )
  }
  const subject = { kind: 'churn_model', id }
  record(ctx, {
    action: 'churn_model.trained',
    subject,
    details: { version: rows[0].version, proposed, rows: set.table.rows },
  })
  ctx.pending.events.push({ type: 'churn_model.trained', subject, payload: { version: rows[0].version, proposed } })
}

/** Ends a training without a model. */
export async function endTraining(ctx: Context, id: string, end: 'failed' | 'cancelled', fault?: Words): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    update churn_model set state = ${end}, stage = null, fault = ${fault ? JSON.stringify(fault) : null}::jsonb, cancelling = false
    where tenant_id = ${ctx.tenantId} and id = ${id} and state = 'training' returning version`.execute(ctx.tx)
  if (!rows[0]) return
  record(ctx, {
    action: 'churn_model.training_ended',
    outcome: end === 'failed' ? 'failed' : 'done',
    subject: { kind: 'churn_model', id },
    details: { version: rows[0].version, end },
  })
}
