import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import { removeTags } from '../../attributes/commands/tags.ts'
import { checkedAttributes } from '../../attributes/queries/attributes.ts'
import type { bulkUpdateCustomers } from '../contract/customers.ts'
import { type CustomerFilter, matchingIds } from '../queries/customers.ts'
import { type LockedCustomer, lockCustomers } from './lock.ts'
import { updateCustomers } from './save.ts'
import type { CustomerValues } from './values.ts'

interface Selection {
  ids?: string[]
  matching?: CustomerFilter
}

export interface BulkResult {
  matched: number
  changed: number
  /** A few names, so that a person sees whom it is about. */
  samples: string[]
}

/** The customers of a selection that the actor may change, locked. @throws AppError `invalid_input` without a selection */
export async function selected(ctx: Context, selection: Selection, permission: Permission): Promise<LockedCustomer[]> {
  requirePermission(ctx, permission)
  if ((selection.ids === undefined) === (selection.matching === undefined)) {
    throw invalidField('body.ids', {
      ja: '対象を ids か matching のどちらか一方で指定してください。',
      en: 'Say which customers are meant: either `ids` or `matching`.',
    })
  }
  return lockCustomers(ctx, selection.ids ?? (await matchingIds(ctx, selection.matching!)), permission)
}

/**
 * Changes many customers at once; with `dryRun` only counts them. Those outside of the actor's reach, and those that are
 * so already, stay as they are.
 */
export async function changeMany(
  ctx: Context,
  { dryRun, addTags: added, removeTags: removed, attributes, ...input }: z.output<typeof bulkUpdateCustomers.body>,
): Promise<BulkResult> {
  const { ids: _ids, matching: _matching, ...fields } = input
  const customers = await selected(ctx, input, 'customers.write')
  const values: CustomerValues = { ...fields, attributes: await checkedAttributes(ctx, 'customer', attributes) }
  if (added) values.tags = added
  const ids = await differing(
    ctx,
    customers.map(customer => customer.id),
    { values, added, removed },
  )
  const result = {
    matched: customers.length,
    changed: ids.length,
    samples: customers.slice(0, 5).map(customer => customer.name),
  }
  if (dryRun || ids.length === 0) return result
  await updateCustomers(
    ctx,
    ids.map(id => ({ id, values })),
    { origin: ctx.actor.kind === 'api_key' ? 'api' : 'person' },
  )
  if (removed) await removeTags(ctx, 'customer', ids, removed)
  const what = [...Object.keys(fields), ...(attributes ? ['attributes'] : []), ...(added || removed ? ['tags'] : [])]
  record(ctx, {
    action: 'customers.bulk_changed',
    subject: { kind: 'bulk', id: uuidv7() },
    details: { customers: ids.length, fields: what },
  })
  return result
}

/** Those of the customers that the change would make another: a field or attribute differs, a tag is missing or there. */
async function differing(
  ctx: Context,
  ids: string[],
  change: { values: CustomerValues; added: string[] | undefined; removed: string[] | undefined },
): Promise<string[]> {
  const { attributes, status, segment, plan } = change.values
  const tagged = (names: string[] | undefined) => sql`(
    select count(*) from customer_tag link join tag t on t.tenant_id = ${ctx.tenantId} and t.id = link.tag_id
    where link.tenant_id = ${ctx.tenantId} and link.customer_id = c.id and t.name = any(${names ?? []}::text[]))`
  const { rows } = await sql<{ id: string }>`
    select c.id from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[]) and (
      ${status === undefined ? sql`false` : sql`c.status <> ${status}`}
      or ${segment === undefined ? sql`false` : sql`c.segment is distinct from ${segment}`}
      or ${plan === undefined ? sql`false` : sql`c.plan is distinct from ${plan}`}
      or jsonb_strip_nulls(c.attributes || ${JSON.stringify(attributes ?? {})}::jsonb) <> c.attributes
      or ${tagged(change.added)} < ${new Set(change.added).size}
      or ${tagged(change.removed)} > 0)
    order by c.id`.execute(ctx.tx)
  return rows.map(row => row.id)
}
