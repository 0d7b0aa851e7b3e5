import { type RawBuilder, sql } from 'kysely'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { TierModel } from '../contract/tiers.ts'
import { tierModelOf } from '../queries/tier-model.ts'
import { lockCustomer } from './lock.ts'

export interface Move {
  from: string | null
  to: string | null
  customers: number
}

/**
 * The tier that the rule gives each customer: the highest one whose minimum its measure reaches, or whose plans name its
 * plan. Revenue in another currency is taken at the rule's rate; without a rate the customer gets no tier. One that left
 * keeps the tier it had.
 * @param which a condition on `c`
 */
function judged(ctx: Context, model: TierModel, which: RawBuilder<unknown>) {
  const value = {
    annual_revenue: sql`c.mrr * 12 * case when c.currency = ${model.currency} then 1 else (${JSON.stringify(model.rates)}::jsonb ->> c.currency)::numeric end`,
    monthly_revenue: sql`c.mrr * case when c.currency = ${model.currency} then 1 else (${JSON.stringify(model.rates)}::jsonb ->> c.currency)::numeric end`,
    licences: sql`coalesce(c.licence_count, 0)::numeric`,
    plan: sql`null::numeric`,
  }[model.measure]
  const tiers = model.tiers.map((tier, place) => ({
    place,
    key: tier.key,
    category: tier.category,
    minimum: tier.minimum ?? 0,
    plans: (tier.plans ?? []).map(plan => plan.toLowerCase()),
  }))
  return sql`
    select c.id, c.name, c.tier_key as old_key, t.key as new_key, t.category
    from customer c left join lateral (
      select tier.key, tier.category
      from jsonb_to_recordset(${JSON.stringify(tiers)}::jsonb) as tier (place int, key text, category text, minimum numeric, plans jsonb)
      where case when ${model.measure} = 'plan' then tier.plans ? lower(c.plan) else ${value} >= tier.minimum end
      order by tier.place desc limit 1) t on true
    where c.tenant_id = ${ctx.tenantId} and ${which} and not c.tier_pinned and c.merged_into is null
      and c.tier_key is distinct from t.key and (c.status <> 'CHURNED' or c.tier_key is null)`
}

/** Judges these customers by the rule and notes who moved; those pinned by a person stay. */
export async function applyTierRule(ctx: Context, ids: string[], cause: string): Promise<void> {
  if (ids.length === 0) return
  await move(ctx, await tierModelOf(ctx), sql`c.id = any(${ids}::uuid[])`, cause)
}

/** Judges every customer of the company. */
export async function applyTierRuleToAll(ctx: Context, cause: string): Promise<Move[]> {
  return move(ctx, await tierModelOf(ctx), sql`true`, cause)
}

/** One statement judges, moves and notes any number of customers. */
async function move(ctx: Context, model: TierModel, which: RawBuilder<unknown>, cause: string): Promise<Move[]> {
  const { rows } = await sql<{ customer_id: string; from_value: string | null; to_value: string | null }>`
    with judged as (${judged(ctx, model, which)}),
    moved as (
      update customer target set tier_key = judged.new_key, tier = judged.category, updated_at = ${ctx.now}
      from judged where target.tenant_id = ${ctx.tenantId} and target.id = judged.id
      returning target.id, judged.old_key, judged.new_key)
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause, actor_id)
    select ${ctx.tenantId}, gen_random_uuid(), moved.id, ${ctx.now}, 'tier', moved.old_key, moved.new_key,
      ${cause === 'person' ? 'rule' : cause}, ${ctx.actor.id ?? null}::uuid
    from moved returning customer_id, from_value, to_value`.execute(ctx.tx)
  const ranks = new Map(model.tiers.map((tier, place) => [tier.key, place]))
  const counts = new Map<string, Move>()
  for (const { customer_id, from_value: from, to_value: to } of rows) {
    const count = counts.get(`${from} ${to}`) ?? { from, to, customers: 0 }
    count.customers += 1
    counts.set(`${from} ${to}`, count)
    // The first tier of a new customer is no move.
    if (from === null) continue
    const direction = (ranks.get(to ?? '') ?? -1) > (ranks.get(from) ?? -1) ? 'upgrade' : 'downgrade'
    const subject = { kind: 'customer', id: customer_id }
    announce(ctx, { type: 'customer.tier_changed', subject, payload: { from, to, direction, cause } })
  }
  return [...counts.values()]
}

/** What a rule would move, without moving it. */
export async function previewTierModel(
  ctx: Context,
  model: TierModel,
): Promise<{ moves: Move[]; samples: { id: string; name: string; from: string | null; to: string | null }[] }> {
  requirePermission(ctx, 'tiers.manage')
  checkModel(model)
  const { rows: moves } = await sql<Move>`
    with judged as (${judged(ctx, model, sql`true`)})
    select old_key as from, new_key as to, count(*)::int as customers from judged group by 1, 2 order by 3 desc`.execute(
    ctx.tx,
  )
  const { rows: samples } = await sql<{ id: string; name: string; from: string | null; to: string | null }>`
    with judged as (${judged(ctx, model, sql`true`)})
    select id, name, old_key as from, new_key as to from judged order by name, id limit 10`.execute(ctx.tx)
  return { moves, samples }
}

/** Sets the tiers and their rule and judges every customer anew. */
export async function setTierModel(ctx: Context, model: TierModel): Promise<Move[]> {
  requirePermission(ctx, 'tiers.manage')
  checkModel(model)
  await sql`
    insert into tier_model (tenant_id, preset, measure, currency, tiers, rates, updated_at)
    values (${ctx.tenantId}, ${model.preset}, ${model.measure}, ${model.currency}, ${JSON.stringify(model.tiers)}::jsonb,
      ${JSON.stringify(model.rates)}::jsonb, ${ctx.now})
    on conflict (tenant_id) do update set preset = excluded.preset, measure = excluded.measure, currency = excluded.currency,
      tiers = excluded.tiers, rates = excluded.rates, updated_at = excluded.updated_at`.execute(ctx.tx)
  const moves = await applyTierRuleToAll(ctx, 'rule')
  const moved = moves.reduce((sum, { customers }) => sum + customers, 0)
  record(ctx, { action: 'tiers.changed', details: { preset: model.preset, measure: model.measure, moved } })
  announce(ctx, { type: 'tiers.changed', payload: { moved } })
  return moves
}

/** Puts a customer into a tier by hand; null gives it back to the rule. */
export async function pinTier(ctx: Context, id: string, tierKey: string | null, note?: string): Promise<void> {
  const known = await lockCustomer(ctx, id, 'customers.write')
  const tier = (await tierModelOf(ctx)).tiers.find(({ key }) => key === tierKey)
  if (tierKey !== null && !tier) {
    throw invalidField('body.tierKey', {
      ja: `ティア「${tierKey}」はありません。ティアの設定を確認してください。`,
      en: `There is no tier "${tierKey}". Look at the settings of the tiers.`,
    })
  }
  if (tier) {
    await sql`
      update customer set tier_key = ${tier.key}, tier = ${tier.category}, tier_pinned = true, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  } else {
    await sql`
      update customer set tier_pinned = false, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
    await applyTierRule(ctx, [id], 'rule')
  }
  const subject = { kind: 'customer', id }
  if (tier && tier.key !== known.tier_key) {
    await sql`
      insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause, actor_id, note)
      values (${ctx.tenantId}, gen_random_uuid(), ${id}, ${ctx.now}, 'tier', ${known.tier_key}, ${tier.key}, 'person',
        ${ctx.actor.id ?? null}::uuid, ${note ?? null})`.execute(ctx.tx)
    announce(ctx, {
      type: 'customer.tier_changed',
      subject,
      payload: { from: known.tier_key, to: tier.key, cause: 'person' },
    })
  }
  record(ctx, { action: 'customer.tier_pinned', subject, details: { tier: tierKey } })
}

function checkModel(model: TierModel): void {
  const keys = model.tiers.map(tier => tier.key)
  if (new Set(keys).size < keys.length) {
    throw invalidField('body.tiers', { ja: 'ティアのキーが重複しています。', en: 'Two tiers have the same key.' })
  }
  if (model.measure === 'plan') {
    const bare = model.tiers.find(tier => !tier.plans?.some(plan => plan !== ''))
    if (!bare) return
    throw invalidField('body.tiers', {
      ja: `ティア「${bare.ja}」にプランがありません。プランで判定するときは、すべてのティアにプランを指定してください。`,
      en: `The tier "${bare.en}" names no plan. A rule by plan needs plans on every tier.`,
    })
  }
  const minima = model.tiers.map(tier => tier.minimum ?? 0)
  if (minima[0] !== 0) {
    throw invalidField('body.tiers', {
      ja: '最も低いティアの下限は0にしてください。それに満たない顧客のティアがなくなります。',
      en: 'The lowest tier starts at 0: customers below it would have no tier.',
    })
  }
  if (minima.some((minimum, place) => place > 0 && minimum <= minima[place - 1]!)) {
    throw invalidField('body.tiers', {
      ja: 'ティアは低い順に並べ、下限額を順に大きくしてください。',
      en: 'List the tiers from the lowest on, each with a higher minimum than the one before.',
    })
  }
}
