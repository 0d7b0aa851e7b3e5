import type { Context } from '../../../platform/context/context.ts'
import { type Attached, admitChange, admitNew, noteChange } from '../../accounts/commands/attached.ts'
import { deleteRecords, type RecordValues } from '../../accounts/commands/records.ts'
import { ticketShape } from '../catalog.ts'
import { createTickets, updateTickets } from './save.ts'

const ticket: Attached = { shape: ticketShape, kind: 'ticket', permission: 'timeline.write' }

/** Enters a ticket. */
export async function createTicket(ctx: Context, values: RecordValues): Promise<string> {
  const id = await admitNew(ctx, ticket, values)
  await createTickets(ctx, [{ id, values }], { origin: 'person' })
  noteChange(ctx, ticket, 'created', id, { customerId: (values.customerId as string | undefined) ?? null })
  return id
}

/** Changes a ticket. */
export async function updateTicket(ctx: Context, id: string, values: RecordValues): Promise<void> {
  const known = await admitChange(ctx, ticket, id, values)
  await updateTickets(ctx, [{ id, values }])
  noteChange(ctx, ticket, 'changed', id, { ...known, details: { fields: Object.keys(values) } })
}

/** Deletes a ticket. */
export async function deleteTicket(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, { ...ticket, permission: 'customers.write' }, id, {})
  await deleteRecords(ctx, ticketShape, [id])
  noteChange(ctx, ticket, 'deleted', id, known)
}
