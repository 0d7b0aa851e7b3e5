import { applyBlueprint } from './blueprints/programmes/commands/apply.ts'
import { type Context, enqueue } from './platform/context/context.ts'
import { computeAll, rebuildJob } from './signals/metrics/commands/follow.ts'
import { addReadyMade } from './signals/risks/commands/signals.ts'

/**
 * What judges the customers of a demo company that were written, and warns of them: the blueprint `saas-success`, and
 * the ready-made signals of risk. Figures and health of now are there at once, those of the past months follow in the
 * background.
 */
export async function judgeDemo(ctx: Context, months: number): Promise<void> {
  await computeAll(ctx)
  await applyBlueprint(ctx, { source: { blueprint: 'saas-success' }, replaceOthers: false }, null)
  await addReadyMade(ctx)
  const oldest = new Date(ctx.now.getTime() - months * 30.44 * 86_400_000).toISOString().slice(0, 10)
  enqueue(ctx, { name: rebuildJob, payload: { oldest }, key: 'rebuild' })
}
