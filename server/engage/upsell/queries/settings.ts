import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { UpsellSettings } from '../contract/settings.ts'

/** Prices and hours as the source has them: Pro 9,800 a user and month, Enterprise 3,600,000 a year for 20 people. */
const defaults: UpsellSettings = {
  currency: 'JPY',
  plans: [
    { name: 'Free', pricePerUser: 0, monthlyLimit: 10 },
    { name: 'Pro', pricePerUser: 9_800, monthlyLimit: null },
    { name: 'Enterprise', pricePerUser: 15_000, monthlyLimit: null },
  ],
  hourlyRate: 5_000,
  hoursPerWork: 2.5,
  months: 11,
  channel: null,
}

/** The plans and prices of the company; the defaults where it has set none. */
export async function upsellSettingsOf(ctx: Context): Promise<UpsellSettings> {
  const { rows } = await sql<{ settings: UpsellSettings }>`
    select settings from upsell_settings where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]?.settings ?? defaults
}
