import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import {
  announce,
  type Context,
  type JsonObject,
  record,
  requirePermission,
} from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import type { RecordShape } from '../catalog.ts'
import { requireCustomer } from '../queries/customers.ts'
import { lockCustomer } from './lock.ts'
import type { RecordValues } from './records.ts'

/** A kind of record that hangs on customers, with what its changes are called: `ticket` makes `ticket.created`. */
export interface Attached {
  shape: RecordShape
  kind: string
  permission: Permission
}

/**
 * Prepares a new record that hangs on a customer: asks permission, checks what it refers to.
 * @returns its id
 */
export async function admitNew(ctx: Context, attached: Attached, values: RecordValues): Promise<string> {
  requirePermission(ctx, attached.permission)
  await checkReferences(ctx, attached, undefined, values)
  return uuidv7()
}

/** Locks a record for a change and checks what it will refer to. @throws AppError `not_found`, `invalid_input` */
export async function admitChange(
  ctx: Context,
  attached: Attached,
  id: string,
  values: RecordValues,
): Promise<{ customerId: string | null }> {
  requirePermission(ctx, attached.permission)
  const { rows } = await sql<{ customer_id: string | null }>`
    select r.customer_id from ${sql.table(attached.shape.table)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id} for update`.execute(ctx.tx)
  const [known] = rows
  if (!known) throw notFound()
  if (known.customer_id) await within(ctx, attached, known.customer_id)
  await checkReferences(ctx, attached, id, values)
  return { customerId: known.customer_id }
}

/** The audit line and the event of a change; the event is the customer's where the record has one. */
export function noteChange(
  ctx: Context,
  attached: Attached,
  what: 'created' | 'changed' | 'deleted',
  id: string,
  { customerId, details, title }: { customerId: string | null; details?: JsonObject; title?: string },
): void {
  const action = `${attached.kind}.${what}`
  record(ctx, { action, subject: { kind: attached.kind, id }, details: { customer: customerId, ...details } })
  announce(ctx, {
    type: action,
    subject: customerId ? { kind: 'customer', id: customerId } : { kind: attached.kind, id },
    // The title is for the timeline; the audit log holds no texts that people typed.
    payload: { id, ...details, ...(title === undefined ? {} : { title }) },
  })
}

/** Writing into the timeline asks only that the customer is in sight; changing the record asks that it is within reach. */
async function within(ctx: Context, attached: Attached, customerId: string): Promise<void> {
  if (attached.permission === 'timeline.write') await requireCustomer(ctx, customerId)
  else await lockCustomer(ctx, customerId, attached.permission)
}

const tables = { customerId: 'customer', contactId: 'contact', contractId: 'contract', invoiceId: 'invoice' } as const

/** Ids in a body are those of this company, and an external id is free. */
async function checkReferences(
  ctx: Context,
  attached: Attached,
  id: string | undefined,
  values: RecordValues,
): Promise<void> {
  for (const [name, table] of Object.entries(tables)) {
    const value = values[name]
    if (typeof value !== 'string') continue
    if (name === 'customerId') {
      await within(ctx, attached, value)
      continue
    }
    const { rows } = await sql`
      select 1 from ${sql.table(table)} r where r.tenant_id = ${ctx.tenantId} and r.id = ${value}`.execute(ctx.tx)
    if (rows.length === 0) {
      throw invalidField(`body.${name}`, { ja: '該当する記録がありません。', en: 'There is no such record.' })
    }
  }
  const { externalId } = values
  if (typeof externalId !== 'string') return
  const { rows } = await sql`
    select 1 from ${sql.table(attached.shape.table)} r where r.tenant_id = ${ctx.tenantId} and r.external_id = ${externalId}
      and r.id is distinct from ${id ?? null}::uuid`.execute(ctx.tx)
  if (rows.length > 0) {
    throw invalidField('body.externalId', {
      ja: `外部ID「${externalId}」の記録がすでにあります。`,
      en: `There is a record with the external id "${externalId}" already.`,
    })
  }
}
