import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { lockCustomers } from '../../accounts/commands/lock.ts'
import { checkedAttributes } from '../../attributes/queries/attributes.ts'
import { findContacts } from '../queries/match.ts'
import { type ContactInput, lockContact } from './contact.ts'
import { type ContactValues, createContacts, updateContacts } from './save.ts'

export interface ContactResult {
  id: string | null
  outcome: 'created' | 'updated' | 'refused'
  reason: string | null
}

/** Creates or updates contacts by external id or e-mail address. A row that does not fit is refused alone. */
export async function saveManyContacts(ctx: Context, inputs: ContactInput[]): Promise<ContactResult[]> {
  const scope = requirePermission(ctx, 'customers.write')
  const words = (ja: string, en: string) => (ctx.locale === 'ja' ? ja : en)
  const found = await findContacts(
    ctx,
    inputs.map(({ externalId, email }) => ({ externalId: externalId ?? undefined, email: email ?? undefined })),
  )
  const wanted = [...new Set(inputs.map(input => input.customerId).filter(id => id != null))]
  const customers = new Set((await lockCustomers(ctx, wanted, 'customers.write')).map(customer => customer.id))
  const seen = new Set<string>()
  const results: ContactResult[] = []
  const created: { id: string; values: ContactValues }[] = []
  const updated: typeof created = []
  for (const [place, { attributes, ...fields }] of inputs.entries()) {
    const refuse = (reason: string) => results.push({ id: null, outcome: 'refused', reason })
    const keys = [fields.externalId, fields.email].filter(key => key != null)
    if (keys.length === 0) {
      refuse(words('外部IDかメールアドレスが必要です。', 'An external id or an e-mail address is needed.'))
      continue
    }
    if (keys.some(key => seen.has(key))) {
      refuse(words('同じ関係者が前の行にあります。', 'The same contact stands in a row before.'))
      continue
    }
    for (const key of keys) seen.add(key)
    const known = found[place]
    const outside = fields.customerId ? !customers.has(fields.customerId) : !known && scope === 'own'
    if (outside || (known && !(await mayChange(ctx, known)))) {
      refuse(words('この顧客または関係者を変更する権限がありません。', 'You may not change this customer or contact.'))
      continue
    }
    const checked = await checkedAttributes(ctx, 'contact', attributes, `body.rows.${place}.attributes`).catch(
      error => error,
    )
    if (checked instanceof AppError) {
      refuse(checked.faults.map(fault => `${fault.path.split('.').at(-1)}: ${fault.message[ctx.locale]}`).join(' '))
      continue
    }
    const id = known ?? uuidv7()
    const row = { id, values: { ...fields, attributes: checked } }
    if (known) updated.push(row)
    else created.push(row)
    results.push({ id, outcome: known ? 'updated' : 'created', reason: null })
  }
  await createContacts(ctx, created, { origin: ctx.actor.kind === 'api_key' ? 'api' : 'person' })
  await updateContacts(ctx, updated)
  record(ctx, { action: 'contacts.saved', details: { created: created.length, updated: updated.length } })
  return results
}

async function mayChange(ctx: Context, id: string): Promise<boolean> {
  return lockContact(ctx, id).then(
    () => true,
    error => {
      if (error instanceof AppError && error.code === 'not_found') return false
      throw error
    },
  )
}
