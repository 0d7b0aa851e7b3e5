import { sql } from 'kysely'
import { shippedPart } from '../../../catalog/blueprints/queries.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { type TierModel, tiersItem } from '../contract/tiers.ts'

/** The tiers of the programmes that have some of their own (CUS-20 to CUS-23), in the order in which they are offered. */
export const tierPresets: readonly TierModel[] = [
  'saas-success',
  'plugin-marketplace',
  'ai-workspace',
  'early-success',
].map(preset => ({ preset, ...shippedPart(preset, 'tiers', tiersItem) }))

/** What counts for a company that has chosen nothing: yen thresholds for yen, dollars for dollars. */
function defaultPreset(currency: string): TierModel {
  const wanted = currency === 'JPY' ? 'saas-success' : 'early-success'
  return tierPresets.find(({ preset }) => preset === wanted)!
}

/** The tiers of the company and their rule; the preset of its currency where it has chosen nothing. */
export async function tierModelOf(ctx: Pick<Reader, 'tenantId' | 'tx'>): Promise<TierModel> {
  const { rows } = await sql<TierModel & { own: string }>`
    select company.currency as own, m.preset, m.measure, m.currency, m.tiers, m.rates
    from tenant company left join tier_model m on m.tenant_id = company.id
    where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  const { own, ...model } = rows[0]!
  return model.preset ? model : defaultPreset(own)
}

/** How many customers each tier has. */
export async function tierCounts(ctx: Context): Promise<{ key: string | null; customers: number; pinned: number }[]> {
  const { rows } = await sql<{ key: string | null; customers: number; pinned: number }>`
    select c.tier_key as key, count(*)::int as customers, count(*) filter (where c.tier_pinned)::int as pinned
    from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null group by c.tier_key`.execute(ctx.tx)
  return rows
}
