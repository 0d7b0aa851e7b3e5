import { type DemoWish, worldOf, writeCustomers, writeVocabulary } from './collect/demo/commands/fill.ts'
import { saveActivities } from './engage/advocacy/commands.ts'
import { savePlans } from './engage/plans/commands.ts'
import { saveReviews } from './engage/reviews/commands.ts'
import type { Context } from './platform/context/context.ts'

/** Customers written in one go: enough to make statements long, few enough to stay small in memory. */
export const demoBatch = 250

/** Writes a batch of the demo's customers, first the company's own fields; every module its own part. */
export async function fillDemo(ctx: Context, wish: DemoWish, first: number): Promise<void> {
  const world = await worldOf(ctx, wish)
  if (first === 0) await writeVocabulary(ctx)
  const later = await writeCustomers(ctx, world, first, Math.min(first + demoBatch, wish.customers))
  await savePlans(ctx, later.plans, later.milestones)
  await saveReviews(ctx, later.reviews)
  await saveActivities(ctx, later.activities)
}
