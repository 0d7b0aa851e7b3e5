import { sql } from 'kysely'
import type { z } from 'zod'
import { type Context, permissionScope } from '../../platform/context/context.ts'
import { forbidden, invalidField } from '../../platform/errors/app-error.ts'
import { type Attached, admitChange, admitNew, noteChange } from '../accounts/commands/attached.ts'
import { createRecords, deleteRecords, type RecordValues, updateRecords } from '../accounts/commands/records.ts'
import type { Patch } from '../accounts/commands/values.ts'
import { communicationShape } from './catalog.ts'
import type { createCommunication as create, updateCommunication as update } from './contract.ts'

const communication: Attached = { shape: communicationShape, kind: 'communication', permission: 'timeline.write' }

/** Writes down a conversation or note. */
export async function createCommunication(
  ctx: Context,
  customerId: string,
  input: z.output<typeof create.body>,
): Promise<string> {
  const values: RecordValues = {
    ...input,
    customerId,
    occurredAt: input.occurredAt ?? ctx.now.toISOString(),
    authorId: ctx.actor.kind === 'member' ? ctx.actor.id : null,
  }
  const id = await admitNew(ctx, communication, values)
  await checkContacts(ctx, input.contactIds)
  await saveCommunications(ctx, [{ id, values }])
  noteChange(ctx, communication, 'created', id, { customerId, details: { kind: input.kind } })
  return id
}

/** Stores conversations, as one statement for any number of them; the last contact of customers and people follows. */
export async function saveCommunications(ctx: Context, rows: Patch<RecordValues>[]): Promise<void> {
  await createRecords(ctx, communicationShape, rows)
  await followLastContact(
    ctx,
    rows.map(row => row.id),
  )
}

/** Corrects an entry: one's own, or any with the right to write customers as a whole. */
export async function updateCommunication(
  ctx: Context,
  id: string,
  input: z.output<typeof update.body>,
): Promise<void> {
  const known = await admitChange(ctx, communication, id, input)
  await requireAuthor(ctx, id)
  await checkContacts(ctx, input.contactIds)
  await updateRecords(ctx, communicationShape, [{ id, values: input }])
  await followLastContact(ctx, [id])
  noteChange(ctx, communication, 'changed', id, { ...known, details: { fields: Object.keys(input) } })
}

/** Deletes an entry, as `updateCommunication` permits. */
export async function deleteCommunication(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, communication, id, {})
  await requireAuthor(ctx, id)
  await deleteRecords(ctx, communicationShape, [id])
  if (known.customerId) await refreshLastContact(ctx, known.customerId)
  noteChange(ctx, communication, 'deleted', id, known)
}

async function requireAuthor(ctx: Context, id: string): Promise<void> {
  if (permissionScope(ctx.actor, 'customers.write') === 'all') return
  const { rows } = await sql`
    select 1 from communication r where r.tenant_id = ${ctx.tenantId} and r.id = ${id}
      and r.author_id = ${ctx.actor.id ?? null}::uuid`.execute(ctx.tx)
  if (rows.length === 0) throw forbidden('customers.write')
}

async function checkContacts(ctx: Context, ids: string[] | undefined): Promise<void> {
  if (!ids || ids.length === 0) return
  const wanted = [...new Set(ids)]
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contact k where k.tenant_id = ${ctx.tenantId} and k.id = any(${wanted}::uuid[])`.execute(
    ctx.tx,
  )
  if (rows[0]!.count === wanted.length) return
  throw invalidField('body.contactIds', { ja: '該当する関係者がいません。', en: 'There is no such contact.' })
}

/** A note is no contact; everything else moves the last contact of the customer and of the people who took part. */
async function followLastContact(ctx: Context, ids: string[]): Promise<void> {
  await sql`
    update customer target set last_contact_at = greatest(target.last_contact_at, latest.at)
    from (select r.customer_id, max(r.occurred_at) as at from communication r
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and r.kind <> 'NOTE' group by r.customer_id) latest
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.customer_id`.execute(ctx.tx)
  await sql`
    update contact target set last_csm_contact_at = greatest(target.last_csm_contact_at, latest.at),
      last_email_at = greatest(target.last_email_at, latest.mailed)
    from (select who as contact_id, max(r.occurred_at) as at,
        max(r.occurred_at) filter (where r.kind = 'EMAIL' and r.direction is distinct from 'INBOUND') as mailed
      from communication r, unnest(r.contact_ids) who
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and r.kind <> 'NOTE' group by who) latest
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.contact_id`.execute(ctx.tx)
}

async function refreshLastContact(ctx: Context, customerId: string): Promise<void> {
  await sql`
    update customer set last_contact_at = (
      select max(r.occurred_at) from communication r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${customerId} and r.kind <> 'NOTE')
    where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.tx)
}
