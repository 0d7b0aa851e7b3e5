import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { createCustomers } from '../../../customers/accounts/commands/save.ts'
import { findCustomers } from '../../../customers/accounts/queries/match.ts'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context, record } from '../../../platform/context/context.ts'
import type { StageAction } from '../../../signals/lifecycle/contract/stages.ts'
import { companyDomain } from '../domain.ts'
import type { Ending } from './settle.ts'

type Wish = Extract<StageAction, { kind: 'create_customer' }>

/**
 * Makes the customer of a won lead and links the contact; a customer of its domain or of exactly its company's name is
 * linked where there is one. Several with one domain are a question for a person.
 */
export async function customerOfLead(ctx: Context, contactId: string, wish: Wish): Promise<Ending> {
  // Two leads of one company that are won at once make one customer.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`lifecycle customer ${ctx.tenantId}`}, 0))`.execute(ctx.tx)
  const { rows } = await sql<{
    customer_id: string | null
    name: string
    email: string | null
    company: string | null
  }>`
    select customer_id, name, email, company from contact
    where tenant_id = ${ctx.tenantId} and id = ${contactId} for update`.execute(ctx.tx)
  const lead = rows[0]!
  if (lead.customer_id) return { state: 'done', reason: 'known', customerId: lead.customer_id }
  const domain = companyDomain(lead.email)
  const company = lead.company?.trim() || undefined
  const name = company ?? domain
  if (!name) return { state: 'failed', reason: 'no_name' }
  const [known] = await findCustomers(ctx, [{ ...(domain && { domain }), ...(company && { name: company }) }])
  if (known) {
    await link(ctx, contactId, known)
    return { state: 'done', reason: 'linked', customerId: known }
  }
  if (await isAmbiguous(ctx, domain, company)) return { state: 'failed', reason: 'ambiguous' }
  const id = uuidv7()
  const ownerId = await presentMember(ctx, wish.ownerId)
  await createCustomers(
    ctx,
    [{ id, values: { name, status: wish.status, ...(ownerId && { ownerId }), ...(domain && { domains: [domain] }) } }],
    { origin: 'person' },
  )
  const subject = { kind: 'customer', id }
  record(ctx, { action: 'customer.created', subject, details: { lead: contactId } })
  announce(ctx, { type: 'customer.created', subject, payload: { contactId } })
  await link(ctx, contactId, id)
  return { state: 'done', reason: 'created', customerId: id }
}

async function link(ctx: Context, contactId: string, customerId: string): Promise<void> {
  const fieldTimes = { customerId: `${ctx.now.toISOString()} lifecycle` }
  await updateContacts(ctx, [{ id: contactId, values: { customerId, fieldTimes } }])
  const subject = { kind: 'contact', id: contactId }
  record(ctx, { action: 'contact.changed', subject, details: { fields: ['customerId'] } })
  announce(ctx, { type: 'contact.changed', subject, payload: { fields: ['customerId'] } })
}

async function isAmbiguous(ctx: Context, domain: string | undefined, company: string | undefined): Promise<boolean> {
  const { rows } = await sql<{ several: boolean }>`
    select (select count(*) from customer_domain d join customer c on c.tenant_id = ${ctx.tenantId} and c.id = d.customer_id and c.merged_into is null
        where d.tenant_id = ${ctx.tenantId} and d.domain = ${domain ?? null}) > 1
      or (select count(*) from customer c where c.tenant_id = ${ctx.tenantId} and c.name = ${company ?? null} and c.merged_into is null) > 1 as several`.execute(
    ctx.tx,
  )
  return rows[0]!.several
}

/** Colleagues leave, rules stay: nobody looks after the customer then. */
async function presentMember(ctx: Context, id: string | null): Promise<string | undefined> {
  if (id === null) return undefined
  const { rows } = await sql`select 1 from member where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  return rows.length > 0 ? id : undefined
}
