import { findOpportunities } from './engage/upsell/commands/find.ts'
import { putUpsellSettings } from './engage/upsell/commands/settings.ts'
import { upsellSettingsOf } from './engage/upsell/queries/settings.ts'
import type { Context } from './platform/context/context.ts'

/** Plans of the demo's product with their prices a user and month. */
const plans = [
  { name: 'Free', pricePerUser: 0, monthlyLimit: 10 },
  { name: 'Starter', pricePerUser: 2_300, monthlyLimit: null },
  { name: 'Standard', pricePerUser: 3_500, monthlyLimit: null },
  { name: 'Professional', pricePerUser: 5_000, monthlyLimit: null },
  { name: 'Enterprise', pricePerUser: 6_500, monthlyLimit: null },
]

/** The upsell list of a demo company: its own plans, and who is ready for the next one. */
export async function upsellDemo(ctx: Context): Promise<void> {
  await putUpsellSettings(ctx, { ...(await upsellSettingsOf(ctx)), plans })
  await findOpportunities(ctx)
}
