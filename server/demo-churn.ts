import type { Context } from './platform/context/context.ts'
import { startTraining } from './signals/churn/commands/models.ts'
import { readinessOf } from './signals/churn/queries/readiness.ts'
import { settingsOf } from './signals/churn/queries/settings.ts'

/** Until then the figures and scores of the past months are worked out, against which the model is compared (ms). */
const patience = 240_000

/** Has a churn model trained for a demo company in the background, which serves at once; none where there is too little churn. */
export async function predictDemo(ctx: Context): Promise<void> {
  const { ready } = await readinessOf(ctx, await settingsOf(ctx))
  if (ready) await startTraining(ctx, { seed: 1, serve: true, runAt: new Date(ctx.now.getTime() + patience) })
}
