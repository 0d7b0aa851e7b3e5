import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { forbidden, invalidField } from '../../../platform/errors/app-error.ts'
import { checkOwner } from '../../accounts/commands/handover.ts'
import { lockCustomer } from '../../accounts/commands/lock.ts'
import { createCustomers, updateCustomers } from '../../accounts/commands/save.ts'
import { applyTierRule, pinTier } from '../../accounts/commands/tiers.ts'
import type { CustomerValues, Origin } from '../../accounts/commands/values.ts'
import type { customerInput } from '../../accounts/contract/customers.ts'
import { tierModelOf } from '../../accounts/queries/tier-model.ts'
import { keepOnlyTags } from '../../attributes/commands/tags.ts'
import { checkedAttributes } from '../../attributes/queries/attributes.ts'
import { endRevenue, setRevenue } from '../../contracts/commands/save.ts'

export type CustomerInput = Partial<z.output<typeof customerInput>>

/** How a change by this actor is noted. */
export function originOf(ctx: Context): Origin {
  return ctx.actor.kind === 'api_key' ? 'api' : 'person'
}

/**
 * Creates a customer with its success profile. Who may write only their own customers becomes its owner.
 * @throws AppError `invalid_input` for an external id in use, an unknown owner, parent or attribute
 */
export async function createCustomer(ctx: Context, input: CustomerInput): Promise<string> {
  const scope = requirePermission(ctx, 'customers.write')
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : null
  if (scope === 'own' && input.ownerId !== undefined && input.ownerId !== self) throw forbidden('customers.assign')
  const values = await checkedValues(ctx, undefined, {
    ...input,
    status: input.status ?? 'ONBOARDING',
    ownerId: scope === 'own' ? self : (input.ownerId ?? null),
  })
  const id = uuidv7()
  await createCustomers(ctx, [{ id, values }], { origin: originOf(ctx), tierLater: true })
  await sql`
    insert into success_profile (tenant_id, customer_id, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${ctx.now}, ${ctx.now}) on conflict do nothing`.execute(ctx.tx)
  await writeRest(ctx, id, input)
  await applyTierRule(ctx, [id], originOf(ctx))
  const subject = { kind: 'customer', id }
  record(ctx, { action: 'customer.created', subject, details: { fields: Object.keys(input) } })
  announce(ctx, { type: 'customer.created', subject, payload: { origin: originOf(ctx) } })
  return id
}

/** Changes a customer. @throws AppError `not_found`, `invalid_input` as `createCustomer` */
export async function updateCustomer(ctx: Context, id: string, input: CustomerInput): Promise<void> {
  await lockCustomer(ctx, id, 'customers.write')
  // Giving a customer away is a hand-over, whatever the door.
  if (input.ownerId !== undefined) await lockForOwner(ctx, id, input.ownerId)
  await refuseRelabelling(ctx, id, input.currency)
  const values = await checkedValues(ctx, id, input)
  await updateCustomers(ctx, [{ id, values }], { origin: originOf(ctx) })
  if (input.tags) await keepOnlyTags(ctx, 'customer', id, input.tags)
  await writeRest(ctx, id, input)
  const subject = { kind: 'customer', id }
  record(ctx, { action: 'customer.changed', subject, details: { fields: Object.keys(input) } })
  announce(ctx, { type: 'customer.changed', subject, payload: { fields: Object.keys(input) } })
}

/** Soft delete: the customer has left; its record, contacts and history stay, its standing revenue ends. */
export async function churnCustomer(ctx: Context, id: string): Promise<void> {
  await lockCustomer(ctx, id, 'customers.write')
  const by = { origin: originOf(ctx) }
  await updateCustomers(ctx, [{ id, values: { status: 'CHURNED' } }], by)
  await endRevenue(ctx, [{ customerId: id, day: await churnDay(ctx, id) }], by)
  record(ctx, { action: 'customer.deleted', subject: { kind: 'customer', id } })
}

async function lockForOwner(ctx: Context, id: string, ownerId: string | null): Promise<void> {
  const { rows } = await sql`
    select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.owner_id is not distinct from ${ownerId}::uuid`.execute(
    ctx.tx,
  )
  if (rows.length === 0) await lockCustomer(ctx, id, 'customers.assign')
}

async function checkedValues(ctx: Context, id: string | undefined, input: CustomerInput): Promise<CustomerValues> {
  const { tier: _tier, mrr: _mrr, attributes, tags, ...fields } = input
  await checkOwner(ctx, input.ownerId, 'body.ownerId')
  await checkExternalId(ctx, id, input.externalId)
  await checkParent(ctx, id, input.parentId)
  const checked = await checkedAttributes(ctx, 'customer', attributes)
  const said = `${ctx.now.toISOString()} person`
  const fieldTimes = Object.fromEntries(
    [...Object.keys(fields), ...Object.keys(checked ?? {})].map(name => [name, said]),
  )
  return { ...fields, attributes: checked, tags, fieldTimes }
}

/** What is kept beside the customer's own fields: its revenue and a tier set by hand. */
async function writeRest(ctx: Context, id: string, { mrr, tier, status }: CustomerInput): Promise<void> {
  const by = { origin: originOf(ctx) }
  if (mrr !== undefined) {
    await refuseContracted(ctx, id, mrr)
    const until = status === 'CHURNED' ? await churnDay(ctx, id) : undefined
    await setRevenue(ctx, [{ customerId: id, mrr, until }], by)
  } else if (status === 'CHURNED') await endRevenue(ctx, [{ customerId: id, day: await churnDay(ctx, id) }], by)
  if (tier === undefined) return
  const key = tier && (await tierModelOf(ctx)).tiers.find(({ category }) => category === tier)?.key
  if (tier && !key) {
    throw invalidField('body.tier', {
      ja: `この会社のティア設定に ${tier} に当たるティアがありません。`,
      en: `The company has no tier that stands for ${tier}.`,
    })
  }
  await pinTier(ctx, id, key || null)
}

/** Revenue of a customer with contracts follows from them. @throws AppError `invalid_input` for another number */
async function refuseContracted(ctx: Context, id: string, mrr: number): Promise<void> {
  const { rows } = await sql`
    select 1 from contract k join customer c on c.tenant_id = ${ctx.tenantId} and c.id = k.customer_id
    where k.tenant_id = ${ctx.tenantId} and k.customer_id = ${id} and not k.standing and k.status = 'ACTIVE'
      and k.interval <> 'ONE_TIME' and c.mrr <> ${mrr}`.execute(ctx.tx)
  if (rows.length === 0) return
  throw invalidField('body.mrr', {
    ja: 'この顧客の売上は契約から計算されます。契約の金額を変更してください。',
    en: 'This customer’s revenue follows from its contracts. Change the amount of a contract.',
  })
}

/** Money that is there cannot be called another currency. @throws AppError `invalid_input` */
async function refuseRelabelling(ctx: Context, id: string, currency: string | undefined): Promise<void> {
  if (currency === undefined) return
  const { rows } = await sql`
    select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.currency <> ${currency}
      and exists (select 1 from contract k where k.tenant_id = ${ctx.tenantId} and k.customer_id = ${id})`.execute(
    ctx.tx,
  )
  if (rows.length === 0) return
  throw invalidField('body.currency', {
    ja: '契約または売上があるため、通貨は変更できません。',
    en: 'This customer has contracts or revenue, so its currency stays.',
  })
}

async function churnDay(ctx: Context, id: string): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select c.churned_on::text as day from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(
    ctx.tx,
  )
  return rows[0]!.day
}

async function checkExternalId(
  ctx: Context,
  id: string | undefined,
  externalId: string | null | undefined,
): Promise<void> {
  if (!externalId) return
  const { rows } = await sql`
    select 1 from customer c where c.tenant_id = ${ctx.tenantId} and c.external_id = ${externalId} and c.id is distinct from ${id ?? null}::uuid`.execute(
    ctx.tx,
  )
  if (rows.length === 0) return
  throw invalidField('body.externalId', {
    ja: `外部ID「${externalId}」は別の顧客が使っています。`,
    en: `Another customer has the external id "${externalId}".`,
  })
}

async function checkParent(ctx: Context, id: string | undefined, parentId: string | null | undefined): Promise<void> {
  if (!parentId) return
  const { rows } = await sql<{ found: boolean; circle: boolean }>`
    with recursive above as (
      select c.id, c.parent_id, 0 as steps from customer c
      where c.tenant_id = ${ctx.tenantId} and c.id = ${parentId} and c.merged_into is null
      union all
      select p.id, p.parent_id, a.steps + 1 from above a
      join customer p on p.tenant_id = ${ctx.tenantId} and p.id = a.parent_id where a.steps < 20)
    select exists (select 1 from above a) as found, exists (select 1 from above a where a.id = ${id ?? null}::uuid) as circle`.execute(
    ctx.tx,
  )
  if (!rows[0]!.found) {
    throw invalidField('body.parentId', { ja: '親会社が見つかりません。', en: 'There is no such parent.' })
  }
  if (rows[0]!.circle) {
    throw invalidField('body.parentId', {
      ja: '自社またはその子会社を親会社にはできません。',
      en: 'A customer cannot stand below itself: this one is the customer, or a subsidiary of it.',
    })
  }
}
