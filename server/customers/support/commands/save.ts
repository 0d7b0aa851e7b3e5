import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { createRecords, deleteRecords, type RecordValues, updateRecords } from '../../accounts/commands/records.ts'
import type { By, Patch } from '../../accounts/commands/values.ts'
import { ticketShape } from '../catalog.ts'

/** Makes tickets. Needs `subject` and `openedAt`; a contact's customer is the ticket's where none is given. */
export async function createTickets(ctx: Context, rows: Patch<RecordValues>[], by: By): Promise<void> {
  await createRecords(ctx, ticketShape, rows, by.importId)
  await follow(ctx, rows, [])
}

/** Patches tickets. */
export async function updateTickets(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  const before = await contactsOf(
    ctx,
    rows.map(row => row.id),
  )
  await updateRecords(ctx, ticketShape, rows)
  await follow(ctx, rows, before)
}

/** Removes tickets. */
export async function deleteTickets(ctx: Context, ids: string[]): Promise<void> {
  const contacts = await contactsOf(ctx, ids)
  await deleteRecords(ctx, ticketShape, ids)
  await countTickets(ctx, contacts)
}

/** The customer of a contact's ticket, and how many tickets a contact has, also one whose ticket it was before. */
async function follow(ctx: Context, rows: Patch<RecordValues>[], before: string[]): Promise<void> {
  const ids = rows.map(row => row.id)
  await sql`
    update ticket t set customer_id = c.customer_id from contact c
    where t.tenant_id = ${ctx.tenantId} and c.tenant_id = ${ctx.tenantId} and c.id = t.contact_id
      and t.customer_id is null and c.customer_id is not null and t.id = any(${ids}::uuid[])`.execute(ctx.tx)
  await countTickets(ctx, [...before, ...(await contactsOf(ctx, ids))])
}

async function contactsOf(ctx: Context, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ contact_id: string }>`
    select distinct t.contact_id from ticket t
    where t.tenant_id = ${ctx.tenantId} and t.id = any(${ids}::uuid[]) and t.contact_id is not null`.execute(ctx.tx)
  return rows.map(row => row.contact_id)
}

async function countTickets(ctx: Context, contactIds: string[]): Promise<void> {
  await sql`
    with counted as materialized (
      select who as contact_id, count(t.id)::int as tickets from (select distinct unnest(${contactIds}::uuid[]) as who) named
      left join ticket t on t.tenant_id = ${ctx.tenantId} and t.contact_id = who group by who)
    update contact target set ticket_count = counted.tickets from counted
    where target.tenant_id = ${ctx.tenantId} and target.id = counted.contact_id and target.ticket_count <> counted.tickets`.execute(
    ctx.tx,
  )
}
