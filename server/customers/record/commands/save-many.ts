import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { lockCustomers } from '../../accounts/commands/lock.ts'
import { createCustomers, updateCustomers } from '../../accounts/commands/save.ts'
import { applyTierRule } from '../../accounts/commands/tiers.ts'
import { findCustomers } from '../../accounts/queries/match.ts'
import { checkedAttributes } from '../../attributes/queries/attributes.ts'
import { setRevenue } from '../../contracts/commands/save.ts'
import { type CustomerInput, originOf } from './customer.ts'
import { makeProfiles } from './profile.ts'

export interface RowResult {
  externalId: string | null
  id: string | null
  outcome: 'created' | 'updated' | 'refused'
  reason: string | null
}

/**
 * Creates or updates customers by external id. A row that does not fit is refused alone, with its reason; owners, parents
 * and tiers are set by their own calls.
 */
export async function saveMany(ctx: Context, inputs: CustomerInput[]): Promise<RowResult[]> {
  const scope = requirePermission(ctx, 'customers.write')
  const by = { origin: originOf(ctx) }
  const found = await findCustomers(
    ctx,
    inputs.map(input => ({ externalId: input.externalId ?? undefined })),
  )
  const reachable = new Set(
    (
      await lockCustomers(
        ctx,
        found.filter(id => id !== undefined),
        'customers.write',
      )
    ).map(customer => customer.id),
  )
  const seen = new Set<string>()
  const results: RowResult[] = []
  const created: { id: string; values: object }[] = []
  const updated: typeof created = []
  const revenue: { customerId: string; mrr: number; until?: string }[] = []
  for (const [place, { mrr, attributes, ...fields }] of inputs.entries()) {
    const externalId = fields.externalId ?? null
    const refuse = (reason: string) => results.push({ externalId, id: null, outcome: 'refused', reason })
    const known = found[place]
    if (externalId === null || seen.has(externalId)) {
      refuse(
        ctx.locale === 'ja'
          ? '外部IDがないか、同じものが先にあります。'
          : 'The external id is missing or stands in a row before.',
      )
      continue
    }
    seen.add(externalId)
    if (known && !reachable.has(known)) {
      refuse(ctx.locale === 'ja' ? 'この顧客を変更する権限がありません。' : 'You may not change this customer.')
      continue
    }
    const checked = await checkedAttributes(ctx, 'customer', attributes, `body.rows.${place}.attributes`).catch(
      error => error,
    )
    if (checked instanceof AppError) {
      refuse(checked.faults.map(fault => `${fault.path.split('.').at(-1)}: ${fault.message[ctx.locale]}`).join(' '))
      continue
    }
    const id = known ?? uuidv7()
    const owner = !known && scope === 'own' ? { ownerId: ctx.actor.id ?? null } : {}
    const row = { id, values: { ...fields, ...owner, attributes: checked } }
    if (known) updated.push(row)
    else created.push(row)
    const until = fields.status === 'CHURNED' ? (fields.churnedOn ?? ctx.now.toISOString().slice(0, 10)) : undefined
    if (mrr !== undefined) revenue.push({ customerId: id, mrr, until })
    results.push({ externalId, id, outcome: known ? 'updated' : 'created', reason: null })
  }
  await createCustomers(ctx, created, { ...by, tierLater: true })
  await updateCustomers(ctx, updated, by)
  await makeProfiles(
    ctx,
    created.map(row => row.id),
  )
  await setRevenue(ctx, revenue, by)
  await applyTierRule(
    ctx,
    created.map(row => row.id),
    by.origin,
  )
  record(ctx, { action: 'customers.saved', details: { created: created.length, updated: updated.length } })
  return results
}
