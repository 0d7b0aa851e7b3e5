import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Algorithm } from '../contract/models.ts'
import { predictJob, trainJob } from '../events.ts'
import { readinessOf } from '../queries/readiness.ts'
import { settingsOf } from '../queries/settings.ts'

interface Known {
  id: string
  version: number
  state: string
  proposed: Algorithm | null
}

/**
 * Begins a training in the background.
 * @param serve the version serves as soon as it is trained, where none does yet: for a demo, which nobody decides about
 * @returns the id of the new version
 * @throws AppError `conflict` while one is under way, or where there is too little to learn from; says what is missing
 */
export async function startTraining(
  ctx: Context,
  { seed, serve = false, runAt }: { seed: number; serve?: boolean; runAt?: Date },
): Promise<string> {
  requirePermission(ctx, 'churn.manage')
  await lockModels(ctx)
  const { rows } = await sql<{ training: boolean; next: number }>`
    select coalesce(bool_or(state = 'training'), false) as training, coalesce(max(version), 0) + 1 as next
    from churn_model where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  const { training, next } = rows[0]!
  if (training) {
    throw new AppError('conflict', {
      ja: '学習を実行中です。終わるのを待つか、中止してからもう一度お試しください。',
      en: 'A training is under way. Wait for it, or cancel it first.',
    })
  }
  const settings = await settingsOf(ctx)
  const ready = await readinessOf(ctx, settings)
  if (!ready.ready) throw tooLittle(ready)
  const id = uuidv7()
  await sql`
    insert into churn_model (tenant_id, id, version, state, settings, seed, stage, requested_by, created_at)
    values (${ctx.tenantId}, ${id}, ${next}, 'training', ${JSON.stringify(settings)}::jsonb, ${seed}, 'gathering',
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})`.execute(ctx.tx)
  enqueue(ctx, { name: trainJob, payload: { tenantId: ctx.tenantId, modelId: id, serve }, ...(runAt && { runAt }) })
  record(ctx, {
    action: 'churn_model.training_started',
    subject: { kind: 'churn_model', id },
    details: { version: next, seed },
  })
  return id
}

/** What is said where there is too little to learn from. */
function tooLittle({
  left,
  neededLeft,
  stayed,
  neededStayed,
  monthsOfHistory,
  neededMonths,
}: {
  left: number
  neededLeft: number
  stayed: number
  neededStayed: number
  monthsOfHistory: number
  neededMonths: number
}): AppError {
  return new AppError('conflict', {
    ja: `学習に必要なデータが足りません。解約した顧客 ${left}社（必要 ${neededLeft}社）、継続している顧客 ${stayed}社（必要 ${neededStayed}社）、履歴 ${monthsOfHistory}か月（必要 ${neededMonths}か月）。それまでは、リスクシグナルによる点数を表示します。`,
    en: `There is too little to learn from: ${left} customers left (${neededLeft} needed), ${stayed} stay (${neededStayed} needed), ${monthsOfHistory} months of history (${neededMonths} needed). Until then scores follow the signals of risk.`,
  })
}

/** Asks a training to stop; it does within seconds. */
export async function cancelTraining(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'churn.manage')
  const model = await lockModel(ctx, id)
  if (model.state !== 'training') throw wrongState(model)
  await sql`update churn_model set cancelling = true where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'churn_model.training_cancelled',
    subject: { kind: 'churn_model', id },
    details: { version: model.version },
  })
}

/**
 * Lets a version serve from now on; the one that did is kept, to come back to. One transaction: at each moment exactly one
 * serves. Everybody is judged anew after it.
 * @throws AppError `conflict` where it was not trained, or serves already by these trees
 */
export async function promoteModel(ctx: Context, id: string, wanted: Algorithm | undefined): Promise<void> {
  requirePermission(ctx, 'churn.manage')
  await lockModels(ctx)
  const model = await lockModel(ctx, id)
  if (!['ready', 'retired', 'rejected', 'live'].includes(model.state)) throw wrongState(model)
  const { rows } = await sql<{ algorithm: Algorithm }>`
    select algorithm from churn_model_content where tenant_id = ${ctx.tenantId} and model_id = ${id}`.execute(ctx.tx)
  const algorithm = wanted ?? model.proposed ?? rows[0]?.algorithm
  if (!algorithm || !rows.some(row => row.algorithm === algorithm)) throw wrongState(model)
  await sql`
    update churn_model set state = 'retired' where tenant_id = ${ctx.tenantId} and state = 'live' and id <> ${id}`.execute(
    ctx.tx,
  )
  await sql`
    update churn_model set state = 'live', algorithm = ${algorithm}, live_at = ${ctx.now},
      live_by = ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const subject = { kind: 'churn_model', id }
  record(ctx, { action: 'churn_model.promoted', subject, details: { version: model.version, algorithm } })
  announce(ctx, { type: 'churn_model.promoted', subject, payload: { version: model.version, algorithm } })
  enqueue(ctx, { name: predictJob, payload: { tenantId: ctx.tenantId }, key: 'all' })
}

/** Notes that a trained version is not wanted. @throws AppError `conflict` for any other */
export async function rejectModel(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'churn.manage')
  const model = await lockModel(ctx, id)
  if (model.state !== 'ready') throw wrongState(model)
  await sql`update churn_model set state = 'rejected' where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'churn_model.rejected',
    subject: { kind: 'churn_model', id },
    details: { version: model.version },
  })
}

/** Has everybody judged anew. */
export function startPrediction(ctx: Context): void {
  requirePermission(ctx, 'churn.manage')
  enqueue(ctx, { name: predictJob, payload: { tenantId: ctx.tenantId }, key: 'all' })
  record(ctx, { action: 'churn.prediction_started', details: {} })
}

/** Changes of versions follow each other. */
async function lockModels(ctx: Context): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`churn ${ctx.tenantId}`}, 0))`.execute(ctx.tx)
}

async function lockModel(ctx: Context, id: string): Promise<Known> {
  const { rows } = await sql<Known>`
    select id, version, state, proposed from churn_model where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return rows[0]
}

function wrongState({ version, state }: Known): AppError {
  return new AppError('conflict', {
    ja: `第${version}版に対してこの操作はできません（現在の状態: ${state}）。画面を読み込み直してください。`,
    en: `This cannot be done with version ${version}, which is ${state}. Reload the page.`,
  })
}
