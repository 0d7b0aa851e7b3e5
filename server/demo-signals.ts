import { adoptTargets } from './insights/kpis/commands.ts'
import { type Context, enqueue } from './platform/context/context.ts'
import { computeAll, rebuildJob } from './signals/metrics/commands/follow.ts'
import { createOwnMetric } from './signals/metrics/commands/own.ts'
import { saasSuccess } from './signals/scorecards/catalog/saas-success.ts'
import { createScorecard, publishScorecard } from './signals/scorecards/commands/cards.ts'
import { suggestions } from './signals/segments/catalog.ts'
import { createSegment } from './signals/segments/commands/segments.ts'

/** What the product of the demo is bought for. */
const coreFeatures = ['Dashboard Viewed', 'Report Created', 'Approval Completed', 'Workflow Run']

/** Segments that the demo has from the start; the others are left to be suggested. */
const demoSegments = ['renewal-at-risk', 'silent', 'seats-nearly-used', 'advocates']

/**
 * Figures, health and segments of a demo company whose customers were written: those of now at once, those of the past
 * months in the background.
 */
export async function judgeDemo(ctx: Context, months: number): Promise<void> {
  await createOwnMetric(ctx, {
    key: 'own.core_feature_use',
    labelJa: 'コア機能の利用率',
    labelEn: 'Core-feature use',
    description: null,
    unit: 'percent',
    direction: 'up',
    definition: { kind: 'events', measure: 'coverage', events: coreFeatures, where: [], days: 30 },
  })
  await computeAll(ctx)
  const id = await createScorecard(ctx, {
    key: 'saas-success',
    nameJa: 'SaaS標準',
    nameEn: 'SaaS standard',
    condition: null,
    definition: saasSuccess,
  })
  await publishScorecard(ctx, id, null)
  for (const { key, nameJa, nameEn, condition, reasonJa } of suggestions.filter(each =>
    demoSegments.includes(each.key),
  )) {
    await createSegment(ctx, {
      key,
      record: 'customer',
      nameJa,
      nameEn,
      description: reasonJa,
      kind: 'dynamic',
      condition,
      state: 'enabled',
    })
  }
  await adoptTargets(ctx, 'saas-success')
  const oldest = new Date(ctx.now.getTime() - months * 30.44 * 86_400_000).toISOString().slice(0, 10)
  enqueue(ctx, { name: rebuildJob, payload: { oldest }, key: 'rebuild' })
}
