import { sql } from 'kysely'
import { deleteRecords } from '../../../customers/accounts/commands/records.ts'
import { deleteAttribute } from '../../../customers/attributes/commands/attributes.ts'
import { invoiceShape } from '../../../customers/billing/catalog.ts'
import { deletePayments } from '../../../customers/billing/commands/save.ts'
import { deleteContracts } from '../../../customers/contracts/commands/save.ts'
import { answerShape } from '../../../customers/feedback/catalog.ts'
import { deleteTickets } from '../../../customers/support/commands/save.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from './records.ts'

/**
 * Removes records that an import made. Customers and contacts that others hang something on since stay.
 * @returns ids of those that went
 */
export async function removeMade(
  ctx: Context,
  table: RecordKind['table'],
  ids: string[],
  importId: string,
): Promise<string[]> {
  if (ids.length === 0) return []
  if (table === 'customer') return removeCustomers(ctx, ids)
  if (table === 'contact') return removeContacts(ctx, ids)
  if (table === 'contract') {
    const own = await existing(ctx, table, ids)
    await deleteContracts(ctx, own, { origin: 'import', importId })
    return own
  }
  const own = table === 'invoice' ? await freeInvoices(ctx, ids) : await existing(ctx, table, ids)
  if (table === 'ticket') await deleteTickets(ctx, own)
  else if (table === 'payment') await deletePayments(ctx, own)
  else await deleteRecords(ctx, table === 'invoice' ? invoiceShape : answerShape, own)
  return own
}

async function existing(ctx: Context, table: RecordKind['table'], ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from ${sql.table(table)} t where t.tenant_id = ${ctx.tenantId} and t.id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  return rows.map(row => row.id)
}

async function freeInvoices(ctx: Context, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from invoice i where i.tenant_id = ${ctx.tenantId} and i.id = any(${ids}::uuid[])
      and not exists (select 1 from payment p where p.tenant_id = ${ctx.tenantId} and p.invoice_id = i.id)`.execute(
    ctx.tx,
  )
  return rows.map(row => row.id)
}

/** The standing contract, history, domains and tags of a customer go with it; anything else keeps it. */
async function removeCustomers(ctx: Context, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from customer c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])
      and not exists (select 1 from contact o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from customer o where o.tenant_id = ${ctx.tenantId} and (o.parent_id = c.id or o.merged_into = c.id))
      and not exists (select 1 from contract o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id and not o.standing)
      and not exists (select 1 from communication o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from ticket o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from invoice o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from payment o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from survey_answer o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and not exists (select 1 from success_plan o where o.tenant_id = ${ctx.tenantId} and o.customer_id = c.id)
      and c.merged_into is null
    returning c.id`.execute(ctx.tx)
  return forgotten(ctx, 'customer', rows)
}

async function removeContacts(ctx: Context, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from contact c where c.tenant_id = ${ctx.tenantId} and c.id = any(${ids}::uuid[])
      and not exists (select 1 from ticket o where o.tenant_id = ${ctx.tenantId} and o.contact_id = c.id)
      and not exists (select 1 from survey_answer o where o.tenant_id = ${ctx.tenantId} and o.contact_id = c.id)
      and not exists (select 1 from contact o where o.tenant_id = ${ctx.tenantId} and o.merged_into = c.id)
      and c.merged_into is null
    returning c.id`.execute(ctx.tx)
  return forgotten(ctx, 'contact', rows)
}

async function forgotten(ctx: Context, kind: 'customer' | 'contact', rows: { id: string }[]): Promise<string[]> {
  const ids = rows.map(row => row.id)
  await sql`
    delete from search_piece where tenant_id = ${ctx.tenantId} and kind = ${kind} and record_id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  return ids
}

/** Removes the attributes that an import brought along and nobody uses any more. */
export async function removeUnusedAttributes(ctx: Context, importId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select a.id from attribute a where a.tenant_id = ${ctx.tenantId} and a.import_id = ${importId}
      and not exists (select 1 from customer c where a.record = 'customer' and c.tenant_id = ${ctx.tenantId} and c.attributes ? a.key)
      and not exists (select 1 from contact c where a.record = 'contact' and c.tenant_id = ${ctx.tenantId} and c.attributes ? a.key)`.execute(
    ctx.tx,
  )
  for (const { id } of rows) await deleteAttribute(ctx, id)
}
