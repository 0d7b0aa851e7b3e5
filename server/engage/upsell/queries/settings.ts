import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { NoticedEvent, UpsellSettings } from '../contract/settings.ts'

/** What speaks for a larger plan in the source (UPS-1 to UPS-3), under the names that the blueprint plugin-marketplace gives to its events. */
const events: NoticedEvent[] = [
  { event: 'Parallel Run', meaning: 'signal', plan: 'free', times: 1, days: 30 },
  { event: 'Agent Screen Viewed', meaning: 'signal', plan: 'free', times: 3, days: 30 },
  { event: 'Webinar Attended', meaning: 'signal', plan: 'free', times: 1, days: 30 },
  { event: 'Pro Plugin Viewed', meaning: 'signal', plan: 'free', times: 1, days: 30 },
  { event: 'Custom Agent Created', meaning: 'signal', plan: 'paid', times: 6, days: 365 },
  { event: 'API Limit Reached', meaning: 'signal', plan: 'paid', times: 1, days: 30 },
  { event: 'Pull Request Created', meaning: 'milestone', plan: 'any', times: 1, days: 14 },
  { event: 'Webinar Attended', meaning: 'event', plan: 'any', times: 1, days: 14 },
  { event: 'Conference Visited', meaning: 'event', plan: 'any', times: 1, days: 14 },
]

/** Prices and hours as the source has them: Pro 9,800 a user and month, Enterprise 3,600,000 a year for 20 people. */
const defaults: UpsellSettings = {
  currency: 'JPY',
  plans: [
    { name: 'Free', pricePerUser: 0, monthlyLimit: 10 },
    { name: 'Pro', pricePerUser: 9_800, monthlyLimit: null },
    { name: 'Enterprise', pricePerUser: 15_000, monthlyLimit: null },
  ],
  events,
  hourlyRate: 5_000,
  hoursPerWork: 2.5,
  months: 11,
  channel: null,
}

/** The plans and prices of the company; the defaults for what it has not set. */
export async function upsellSettingsOf(ctx: Context): Promise<UpsellSettings> {
  const { rows } = await sql<{ settings: UpsellSettings }>`
    select settings from upsell_settings where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return { ...defaults, ...rows[0]?.settings }
}
