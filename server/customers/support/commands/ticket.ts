import type { Context } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { type Attached, admitChange, admitNew, noteChange } from '../../accounts/commands/attached.ts'
import type { RecordValues } from '../../accounts/commands/records.ts'
import { ticketShape } from '../catalog.ts'
import { createTickets, deleteTickets, updateTickets } from './save.ts'

const ticket: Attached = { shape: ticketShape, kind: 'ticket', permission: 'timeline.write' }

/** Enters a ticket. */
export async function createTicket(ctx: Context, values: RecordValues): Promise<string> {
  const id = await admitNew(ctx, ticket, values)
  checkOrder(values)
  await createTickets(ctx, [{ id, values }], { origin: 'person' })
  noteChange(ctx, ticket, 'created', id, { customerId: (values.customerId as string | undefined) ?? null })
  return id
}

/** Changes a ticket. */
export async function updateTicket(ctx: Context, id: string, values: RecordValues): Promise<void> {
  const known = await admitChange(ctx, ticket, id, values)
  checkOrder({ ...known.stored, ...values })
  await updateTickets(ctx, [{ id, values }])
  noteChange(ctx, ticket, 'changed', id, { ...known, details: { fields: Object.keys(values) } })
}

/** Deletes a ticket. */
export async function deleteTicket(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, { ...ticket, permission: 'customers.write' }, id, {})
  await deleteTickets(ctx, [id])
  noteChange(ctx, ticket, 'deleted', id, known)
}

/** Nothing is answered or resolved before it was opened. */
function checkOrder(values: RecordValues): void {
  const opened = Date.parse(values.openedAt as string)
  for (const name of ['firstResponseAt', 'resolvedAt']) {
    const moment = values[name]
    if (typeof moment !== 'string' || Date.parse(moment) >= opened) continue
    throw invalidField(`body.${name}`, {
      ja: '受付日時より前です。受付日時以降を入力してください。',
      en: 'This lies before the ticket was opened. Enter a moment after it.',
    })
  }
}
