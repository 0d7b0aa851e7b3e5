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
import type { Patch } from './values.ts'

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

/**
 * Locks a record for a change and checks what it will refer to.
 * @returns its customer, and its fields as they were before
 * @throws AppError `not_found`, `invalid_input`
 */
export async function admitChange(
  ctx: Context,
  attached: Attached,
  id: string,
  values: RecordValues,
): Promise<{ customerId: string | null; stored: RecordValues }> {
  requirePermission(ctx, attached.permission)
  const { rows } = await sql<{ customer_id: string | null; columns: JsonObject }>`
    select r.customer_id, to_jsonb(r) as columns from ${sql.table(attached.shape.table)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = ${id} for update`.execute(ctx.tx)
  const [known] = rows
  if (!known) throw notFound()
  if (known.customer_id) await within(ctx, attached, known.customer_id)
  const stored = Object.fromEntries(
    Object.entries(attached.shape.fields).map(([name, { column }]) => [name, known.columns[column]]),
  )
  await checkReferences(ctx, attached, { id, values: stored }, values)
  return { customerId: known.customer_id, stored }
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

const tables = { contactId: 'contact', contractId: 'contract', invoiceId: 'invoice' } as const

/** Ids in a body are those of this company and fit each other, and an external id is free. */
async function checkReferences(
  ctx: Context,
  attached: Attached,
  known: Patch<RecordValues> | undefined,
  values: RecordValues,
): Promise<void> {
  if (typeof values.customerId === 'string') await within(ctx, attached, values.customerId)
  const next = { ...known?.values, ...values }
  for (const [name, table] of Object.entries(tables)) {
    const value = next[name]
    if (typeof value !== 'string') continue
    // What stood there before is not judged anew, unless the record goes to another customer.
    const isNew = value !== known?.values[name]
    if (!isNew && next.customerId === known?.values.customerId) continue
    await checkReference(ctx, { name, table, value }, next)
  }
  await checkExternalId(ctx, attached, known?.id, { values, next })
}

/** A referred record exists, is of the record's customer (or of none), and an invoice is in the payment's currency. */
async function checkReference(
  ctx: Context,
  { name, table, value }: { name: string; table: string; value: string },
  { customerId, currency }: RecordValues,
): Promise<void> {
  const { rows } = await sql<{ customer_id: string | null; currency: string | null }>`
    select r.customer_id, to_jsonb(r) ->> 'currency' as currency from ${sql.table(table)} r
    where r.tenant_id = ${ctx.tenantId} and r.id = ${value}`.execute(ctx.tx)
  const [referred] = rows
  if (!referred) {
    throw invalidField(`body.${name}`, { ja: '該当する記録がありません。', en: 'There is no such record.' })
  }
  if (typeof customerId === 'string' && referred.customer_id && referred.customer_id !== customerId) {
    throw invalidField(`body.${name}`, {
      ja: '別の顧客の記録です。同じ顧客のものを指定してください。',
      en: 'This is a record of another customer. Name one of the same customer.',
    })
  }
  if (name === 'invoiceId' && currency !== referred.currency) {
    throw invalidField('body.currency', {
      ja: `請求書の通貨（${referred.currency}）と異なります。同じ通貨で入力してください。`,
      en: `The invoice is in ${referred.currency}. Enter the payment in the same currency.`,
    })
  }
}

async function checkExternalId(
  ctx: Context,
  { shape }: Attached,
  id: string | undefined,
  { values, next }: { values: RecordValues; next: RecordValues },
): Promise<void> {
  const { externalId } = next
  if (typeof externalId !== 'string' || (values.externalId === undefined && values.source === undefined)) return
  // Two systems may both have a ticket 1001.
  const { source } = shape.fields
  const sameSource = source
    ? sql`r.${sql.ref(source.column)} = ${String(next.source ?? shape.missing.source)}`
    : sql`true`
  const { rows } = await sql`
    select 1 from ${sql.table(shape.table)} r where r.tenant_id = ${ctx.tenantId} and r.external_id = ${externalId}
      and ${sameSource} and r.id is distinct from ${id ?? null}::uuid`.execute(ctx.tx)
  if (rows.length > 0) {
    throw invalidField('body.externalId', {
      ja: `外部ID「${externalId}」の記録がすでにあります。`,
      en: `There is a record with the external id "${externalId}" already.`,
    })
  }
}
