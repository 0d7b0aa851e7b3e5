import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { createRecords, type RecordValues, updateRecords } from '../../accounts/commands/records.ts'
import type { By, Patch } from '../../accounts/commands/values.ts'
import { ticketShape } from '../catalog.ts'

/** Makes tickets. Needs `subject` and `openedAt`; a contact's customer is the ticket's where none is given. */
export async function createTickets(ctx: Context, rows: Patch<RecordValues>[], by: By): Promise<void> {
  await createRecords(ctx, ticketShape, rows, by.importId)
  await follow(ctx, rows)
}

/** Patches tickets. */
export async function updateTickets(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await updateRecords(ctx, ticketShape, rows)
  await follow(ctx, rows)
}

/** The customer of a contact's ticket, and how many tickets a contact has. */
async function follow(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  const ids = rows.map(row => row.id)
  await sql`
    update ticket t set customer_id = c.customer_id from contact c
    where t.tenant_id = ${ctx.tenantId} and c.tenant_id = ${ctx.tenantId} and c.id = t.contact_id
      and t.customer_id is null and c.customer_id is not null and t.id = any(${ids}::uuid[])`.execute(ctx.tx)
  await sql`
    with touched as materialized (
      select distinct t.contact_id from ticket t
      where t.tenant_id = ${ctx.tenantId} and t.id = any(${ids}::uuid[]) and t.contact_id is not null),
    counted as materialized (
      select t.contact_id, count(*)::int as tickets from touched
      join ticket t on t.tenant_id = ${ctx.tenantId} and t.contact_id = touched.contact_id group by t.contact_id)
    update contact target set ticket_count = counted.tickets from counted
    where target.tenant_id = ${ctx.tenantId} and target.id = counted.contact_id and target.ticket_count <> counted.tickets`.execute(
    ctx.tx,
  )
}
