import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { forbidden, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { lockCustomer } from '../../accounts/commands/lock.ts'
import { withinReach } from '../../accounts/queries/reach.ts'
import { keepOnlyTags } from '../../attributes/commands/tags.ts'
import { checkedAttributes } from '../../attributes/queries/attributes.ts'
import type { updateContact as contract } from '../contract.ts'
import { type ContactValues, createContacts, noteContacts, updateContacts } from './save.ts'

export type ContactInput = z.output<typeof contract.body>

/** Creates a contact. @throws AppError `invalid_input` for an address or external id in use, or with nothing to go by */
export async function createContact(ctx: Context, input: ContactInput): Promise<string> {
  const scope = requirePermission(ctx, 'customers.write')
  if (input.customerId) await lockCustomer(ctx, input.customerId, 'customers.write')
  else if (scope === 'own') throw forbidden('customers.write')
  if (!input.name && !input.email && !input.externalId) {
    throw invalidField('body.name', {
      ja: '氏名・メールアドレス・外部IDのいずれかを入力してください。',
      en: 'Give a name, an e-mail address or an external id.',
    })
  }
  const id = uuidv7()
  const values = await checkedValues(ctx, undefined, input)
  await createContacts(ctx, [{ id, values }], { origin: ctx.actor.kind === 'api_key' ? 'api' : 'person' })
  const subject = { kind: 'contact', id }
  record(ctx, { action: 'contact.created', subject, details: { customer: input.customerId ?? null } })
  announce(ctx, { type: 'contact.created', subject, payload: { customerId: input.customerId ?? null } })
  return id
}

/** Changes a contact. @throws AppError `not_found`, `invalid_input` as `createContact` */
export async function updateContact(ctx: Context, id: string, input: ContactInput): Promise<void> {
  const before = await lockContact(ctx, id)
  if (input.customerId && input.customerId !== before.customer_id) {
    await lockCustomer(ctx, input.customerId, 'customers.write')
  }
  const values = await checkedValues(ctx, id, input)
  await updateContacts(ctx, [{ id, values }])
  if (input.tags) await keepOnlyTags(ctx, 'contact', id, input.tags)
  const subject = { kind: 'contact', id }
  record(ctx, { action: 'contact.changed', subject, details: { fields: Object.keys(input) } })
  announce(ctx, { type: 'contact.changed', subject, payload: { fields: Object.keys(input) } })
  if (input.leftOn && before.customer_id) {
    announce(ctx, {
      type: 'contact.left',
      subject: { kind: 'customer', id: before.customer_id },
      payload: { contactId: id, leftOn: input.leftOn },
    })
  }
}

/** Deletes a contact; its tickets and answers stay with the customer. */
export async function deleteContact(ctx: Context, id: string): Promise<void> {
  await lockContact(ctx, id)
  await noteContacts(ctx, [{ id }])
  await sql`update ticket set contact_id = null where tenant_id = ${ctx.tenantId} and contact_id = ${id}`.execute(
    ctx.tx,
  )
  await sql`update survey_answer set contact_id = null where tenant_id = ${ctx.tenantId} and contact_id = ${id}`.execute(
    ctx.tx,
  )
  await sql`update advocacy_activity set contact_id = null where tenant_id = ${ctx.tenantId} and contact_id = ${id}`.execute(
    ctx.tx,
  )
  await sql`
    update communication set contact_ids = array_remove(contact_ids, ${id}::uuid)
    where tenant_id = ${ctx.tenantId} and ${id}::uuid = any(contact_ids)`.execute(ctx.tx)
  await sql`delete from search_piece where tenant_id = ${ctx.tenantId} and kind = 'contact' and record_id = ${id}`.execute(
    ctx.tx,
  )
  // Records that were merged into this one go with it.
  await sql`delete from contact where tenant_id = ${ctx.tenantId} and merged_into = ${id}`.execute(ctx.tx)
  await sql`delete from contact where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'contact.deleted', subject: { kind: 'contact', id } })
  announce(ctx, { type: 'contact.deleted', subject: { kind: 'contact', id }, payload: {} })
}

/** Locks a contact that the actor may change: at a customer within reach, or a lead. @throws AppError `not_found` */
export async function lockContact(ctx: Context, id: string): Promise<{ customer_id: string | null }> {
  const scope = requirePermission(ctx, 'customers.write')
  const { rows } = await sql<{ customer_id: string | null }>`
    select k.customer_id from contact k left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = k.customer_id
    where k.tenant_id = ${ctx.tenantId} and k.id = ${id} and k.merged_into is null
      and (${scope === 'all'} or (c.id is not null and ${withinReach(ctx, scope)}))
    for update of k`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

async function checkedValues(ctx: Context, id: string | undefined, input: ContactInput): Promise<ContactValues> {
  const { attributes, tags, ...fields } = input
  await refuseTaken(ctx, id, input)
  const checked = await checkedAttributes(ctx, 'contact', attributes)
  const said = `${ctx.now.toISOString()} person`
  const fieldTimes = Object.fromEntries(
    [...Object.keys(fields), ...Object.keys(checked ?? {})].map(name => [name, said]),
  )
  return { ...fields, attributes: checked, tags, fieldTimes }
}

async function refuseTaken(ctx: Context, id: string | undefined, { email, externalId }: ContactInput): Promise<void> {
  if (!email && !externalId) return
  const { rows } = await sql<{ email: string | null }>`
    select c.email from contact c where c.tenant_id = ${ctx.tenantId} and c.id is distinct from ${id ?? null}::uuid
      and (c.email = ${email ?? null} or c.external_id = ${externalId ?? null})`.execute(ctx.tx)
  if (rows.length === 0) return
  const byEmail = email && rows.some(row => row.email === email)
  throw byEmail
    ? invalidField('body.email', {
        ja: 'このメールアドレスの関係者はすでに登録されています。',
        en: 'There is a contact with this e-mail address already.',
      })
    : invalidField('body.externalId', {
        ja: `外部ID「${externalId}」は別の関係者が使っています。`,
        en: `Another contact has the external id "${externalId}".`,
      })
}
