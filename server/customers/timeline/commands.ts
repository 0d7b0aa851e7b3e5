import { type RawBuilder, sql } from 'kysely'
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
  checkMoment(ctx, values)
  await checkContacts(ctx, customerId, input.contactIds)
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
  if (input.occurredAt !== undefined || input.kind !== undefined) checkMoment(ctx, { ...known.stored, ...input })
  const before = known.stored.contactIds as string[]
  await checkContacts(
    ctx,
    known.stored.customerId as string,
    input.contactIds?.filter(contact => !before.includes(contact)),
  )
  await updateRecords(ctx, communicationShape, [{ id, values: input }])
  await forgetLastContact(ctx, known.stored)
  await followLastContact(ctx, [id])
  noteChange(ctx, communication, 'changed', id, { ...known, details: { fields: Object.keys(input) } })
}

/** Deletes an entry, as `updateCommunication` permits. */
export async function deleteCommunication(ctx: Context, id: string): Promise<void> {
  const known = await admitChange(ctx, communication, id, {})
  await requireAuthor(ctx, id)
  await deleteRecords(ctx, communicationShape, [id])
  await refreshLastContact(ctx, [known.stored.customerId as string])
  await forgetLastContact(ctx, known.stored)
  noteChange(ctx, communication, 'deleted', id, known)
}

async function requireAuthor(ctx: Context, id: string): Promise<void> {
  if (permissionScope(ctx.actor, 'customers.write') === 'all') return
  const { rows } = await sql`
    select 1 from communication r where r.tenant_id = ${ctx.tenantId} and r.id = ${id}
      and r.author_id = ${ctx.actor.id ?? null}::uuid`.execute(ctx.tx)
  if (rows.length === 0) throw forbidden('customers.write')
}

/** Only a meeting is entered ahead of time; a day is left for clocks and time zones of other systems. */
function checkMoment(ctx: Context, { kind, occurredAt }: RecordValues): void {
  if (kind === 'MEETING' || Date.parse(occurredAt as string) <= ctx.now.getTime() + 86_400_000) return
  throw invalidField('body.occurredAt', {
    ja: '未来の日時です。実施した日時を入力してください。予定として登録できるのは会議だけです。',
    en: 'This lies in the future. Enter when it took place; only a meeting may be entered ahead of time.',
  })
}

async function checkContacts(ctx: Context, customerId: string, ids: string[] | undefined): Promise<void> {
  if (!ids || ids.length === 0) return
  const wanted = [...new Set(ids)]
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contact k where k.tenant_id = ${ctx.tenantId} and k.id = any(${wanted}::uuid[])
      and (k.customer_id is null or k.customer_id = ${customerId})`.execute(ctx.tx)
  if (rows[0]!.count === wanted.length) return
  throw invalidField('body.contactIds', {
    ja: 'この顧客の関係者ではない人が含まれています。',
    en: 'One of them is no contact of this customer.',
  })
}

/** A note is no contact, nor is what lies ahead; the rest moves the last contact of the customer and of who took part. */
async function followLastContact(ctx: Context, ids: string[]): Promise<void> {
  const { rows } = await sql<{ customer_id: string }>`
    select distinct r.customer_id from communication r
    where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[])`.execute(ctx.tx)
  await refreshLastContact(
    ctx,
    rows.map(row => row.customer_id),
  )
  await sql`
    update contact target set last_csm_contact_at = greatest(target.last_csm_contact_at, latest.at),
      last_email_at = greatest(target.last_email_at, latest.mailed)
    from (select who as contact_id, max(r.occurred_at) as at, max(r.occurred_at) filter (where ${isMail}) as mailed
      from communication r, unnest(r.contact_ids) who
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[]) and ${isContact(ctx)} group by who) latest
    where target.tenant_id = ${ctx.tenantId} and target.id = latest.contact_id`.execute(ctx.tx)
}

const isMail = sql`r.kind = 'EMAIL' and r.direction is distinct from 'INBOUND'`

function isContact(ctx: Context) {
  return sql`r.kind <> 'NOTE' and r.occurred_at <= ${ctx.now}`
}

async function refreshLastContact(ctx: Context, customerIds: string[]): Promise<void> {
  await sql`
    update customer target set last_contact_at = (
      select max(r.occurred_at) from communication r
      where r.tenant_id = ${ctx.tenantId} and r.customer_id = target.id and ${isContact(ctx)})
    where target.tenant_id = ${ctx.tenantId} and target.id = any(${customerIds}::uuid[])`.execute(ctx.tx)
}

/**
 * The people of an entry that was corrected or deleted: whose last contact was that entry gets it from the others at its
 * customer. What another source said of them, such as an import, stays.
 */
async function forgetLastContact(ctx: Context, { customerId, contactIds, occurredAt }: RecordValues): Promise<void> {
  const latest = (only: RawBuilder<unknown>) => sql`(
    select max(r.occurred_at) from communication r
    where r.tenant_id = ${ctx.tenantId} and r.customer_id = ${customerId as string} and target.id = any(r.contact_ids)
      and ${isContact(ctx)} and ${only})`
  await sql`
    update contact target set
      last_csm_contact_at = case when target.last_csm_contact_at = entry.at then ${latest(sql`true`)} else target.last_csm_contact_at end,
      last_email_at = case when target.last_email_at = entry.at then ${latest(isMail)} else target.last_email_at end
    from (select ${occurredAt as string}::timestamptz as at) entry
    where target.tenant_id = ${ctx.tenantId} and target.id = any(${contactIds as string[]}::uuid[])
      and (target.last_csm_contact_at = entry.at or target.last_email_at = entry.at)`.execute(ctx.tx)
}
