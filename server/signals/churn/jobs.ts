import { z } from 'zod'
import { enqueue } from '../../platform/context/context.ts'
import { AppError } from '../../platform/errors/app-error.ts'
import { learnInThread } from '../../platform/learning/thread.ts'
import { type Inside, insideOf } from '../../platform/tenancy/inside.ts'
import { outsideJob, tenantJob } from '../../platform/work/definition.ts'
import { keepDrift } from './commands/drift.ts'
import { promoteModel } from './commands/models.ts'
import { explainCustomers, judgeByRules, judgePage, publishScores, toExplain } from './commands/predict.ts'
import { endTraining, gatherTraining, noteProgress, openTraining, saveTraining } from './commands/train.ts'
import { DriftCount } from './drift.ts'
import { predictJob, trainJob } from './events.ts'
import { liveModel } from './queries/models.ts'
import { servedModel } from './queries/served.ts'
import { settingsOf } from './queries/settings.ts'

/** Progress is written down this often (ms); a wish to stop is seen as fast. */
const noteEvery = 1_000

const payload = z.object({ tenantId: z.string(), modelId: z.uuid(), serve: z.boolean().default(false) })

export const jobs = [
  outsideJob({
    name: trainJob,
    payload,
    maxAttempts: 5,
    handle: (installation, { tenantId, modelId, serve }, signal) =>
      train(insideOf(installation, tenantId, 'churn'), { id: modelId, serve }, signal),
  }),
  outsideJob({
    name: predictJob,
    payload: payload.pick({ tenantId: true }),
    handle: (installation, { tenantId }) => predict(insideOf(installation, tenantId, 'churn')),
  }),
  tenantJob({
    name: 'churn.predict_daily',
    payload: z.object({}),
    async handle(ctx) {
      enqueue(ctx, { name: predictJob, payload: { tenantId: ctx.tenantId }, key: 'all' })
    },
    // CHN-2: each morning at six, in the company's time zone.
    schedule: '0 6 * * *',
  }),
]

/** Trains a version. It may be interrupted and begins anew; until it is saved nothing but its progress is written. */
async function train(
  inside: Inside,
  { id, serve }: { id: string; serve: boolean },
  signal: AbortSignal,
): Promise<void> {
  const training = await inside(ctx => openTraining(ctx, id))
  if (!training) return
  const cancel = new AbortController()
  let noted = 0
  const note = async (stage: string, progress: number) => {
    if (performance.now() - noted < noteEvery) return
    noted = performance.now()
    if (await inside(ctx => noteProgress(ctx, id, stage, progress))) cancel.abort()
  }
  try {
    const gathered = await gatherTraining(inside, training, async share => {
      await note('gathering', share * 0.3)
      if (signal.aborted || cancel.signal.aborted) throw new Error('stopped')
    })
    const result = await learnInThread(
      gathered.set,
      {
        seed: training.seed,
        algorithms: ['forest', 'boosting'],
        // What was observed shortly before a test begins has an outcome that reaches into it.
        horizon: training.settings.horizonDays,
      },
      {
        onProgress: (share, stage) => {
          // A note that is lost is followed by the next.
          void note(stage, 0.3 + share * 0.68).catch(() => {})
        },
        signal: AbortSignal.any([signal, cancel.signal]),
      },
    )
    await inside(async ctx => {
      await saveTraining(ctx, id, result, gathered)
      if (serve && !(await liveModel(ctx))) await promoteModel(ctx, id, undefined)
    })
  } catch (error) {
    if (cancel.signal.aborted) {
      await inside(ctx => endTraining(ctx, id, 'cancelled'))
      return
    }
    // The worker stops, or the database went away: another one begins anew.
    if (signal.aborted || (error instanceof AppError && error.code === 'unavailable')) throw error
    const words = error instanceof AppError ? error.words : undefined
    await inside(ctx =>
      endTraining(
        ctx,
        id,
        'failed',
        words ?? {
          ja: '学習中に予期しないエラーが発生しました。もう一度お試しください。続く場合は、ジョブの記録を管理者に確認してください。',
          en: 'The training met an unexpected error. Try again; if it happens again, ask the administrator to look at the jobs.',
        },
      ),
    )
    if (!words) throw error
  }
}

/** Judges everybody: by the model that serves, and by the signals of risk where it does not judge. */
async function predict(inside: Inside): Promise<void> {
  const at = new Date()
  const settings = await inside(settingsOf)
  const live = await inside(liveModel)
  if (live) {
    const judging = { settings, live, served: await inside(ctx => servedModel(ctx, live)), at }
    const drift = new DriftCount(live.report.spread)
    let after: string | undefined
    do after = await inside(ctx => judgePage(ctx, judging, after, drift))
    while (after !== undefined)
    for (const ids of await inside(ctx => toExplain(ctx, at))) await inside(ctx => explainCustomers(ctx, judging, ids))
    await inside(ctx => keepDrift(ctx, live, drift))
  }
  await inside(async ctx => {
    await judgeByRules(ctx, settings, live !== undefined, at)
    await publishScores(ctx, settings, at)
  })
}
