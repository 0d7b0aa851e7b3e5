import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { blindIndex, seal, unseal } from '../../../platform/secrets/box.ts'
import type { addSuppression as add } from '../contract/settings.ts'
import { suppressionPlace } from '../queries/suppressions.ts'

const stateOf = { bounce: 'BOUNCED', complaint: 'COMPLAINED' } as const

interface Trouble {
  index: Buffer
  reason: 'bounce' | 'complaint'
  contactId: string
}

/** Nothing goes to an address any more: it does not exist, or its owner complained. A complaint weighs more than a bounce. */
export async function suppressAddress(ctx: Context, { index, reason, contactId }: Trouble): Promise<void> {
  const { rows: contacts } = await sql<{ email: string | null; customer_id: string | null; state: string }>`
    select c.email, c.customer_id, c.email_state as state from contact c where c.tenant_id = ${ctx.tenantId} and c.id = ${contactId}`.execute(
    ctx.tx,
  )
  const [contact] = contacts
  const id = uuidv7()
  const { keyring } = ctx.installation
  const isOwn = contact?.email ? blindIndex(keyring, ctx.tenantId, contact.email).equals(index) : false
  const { rows } = await sql`
    insert into message_suppression as known (tenant_id, id, address_index, address_box, reason, created_at)
    values (${ctx.tenantId}, ${id}, ${index}, ${seal(keyring, suppressionPlace(ctx, id), isOwn ? contact!.email! : '')}, ${reason}, ${ctx.now})
    on conflict (tenant_id, address_index) do nothing returning 1`.execute(ctx.tx)
  if (rows.length === 0 && reason === 'complaint') {
    await sql`
      update message_suppression set reason = 'complaint'
      where tenant_id = ${ctx.tenantId} and address_index = ${index} and reason = 'bounce'`.execute(ctx.tx)
  }
  // Whoever has unsubscribed stays so: lifting the suppression later must not subscribe anybody.
  if (isOwn && contact!.state !== 'UNSUBSCRIBED')
    await updateContacts(ctx, [{ id: contactId, values: { emailState: stateOf[reason] } }])
  announce(ctx, {
    type: reason === 'bounce' ? 'message.bounced' : 'message.complained',
    subject: contact?.customer_id ? { kind: 'customer', id: contact.customer_id } : { kind: 'contact', id: contactId },
    payload: { contactId },
  })
}

/** @returns its id; of an address that was there already the one it had */
export async function addSuppression(ctx: Context, { address, note }: z.output<typeof add.body>): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  const id = uuidv7()
  const { keyring } = ctx.installation
  const { rows } = await sql<{ id: string }>`
    insert into message_suppression as known (tenant_id, id, address_index, address_box, reason, note, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${blindIndex(keyring, ctx.tenantId, address)}, ${seal(keyring, suppressionPlace(ctx, id), address)},
      'manual', ${note}, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})
    on conflict (tenant_id, address_index) do update set note = excluded.note returning id`.execute(ctx.tx)
  record(ctx, { action: 'message_suppression.added', subject: { kind: 'message_suppression', id: rows[0]!.id } })
  return rows[0]!.id
}

/** Lets an address be written to again. @throws AppError `not_found` */
export async function removeSuppression(ctx: Context, id: string, note: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ reason: string; box: string }>`
    delete from message_suppression where tenant_id = ${ctx.tenantId} and id = ${id} returning reason, address_box as box`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  const address = unseal(ctx.installation.keyring, suppressionPlace(ctx, id), rows[0].box)
  const contacts = await sql<{ id: string }>`
    select c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.email = ${address}
      and c.email_state in ('BOUNCED', 'COMPLAINED')`.execute(ctx.tx)
  await updateContacts(
    ctx,
    contacts.rows.map(contact => ({ id: contact.id, values: { emailState: 'SUBSCRIBED' } })),
  )
  record(ctx, {
    action: 'message_suppression.removed',
    subject: { kind: 'message_suppression', id },
    details: { reason: rows[0].reason, note },
  })
}
