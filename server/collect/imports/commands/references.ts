import { sql } from 'kysely'
import { findCustomers } from '../../../customers/accounts/queries/match.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Interpreted, Plan } from '../interpretation.ts'
import { type ProblemCode, problemOf } from '../row.ts'

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** Marks what is wrong with a field of a row; the row is then used only where the mapping allows it. */
export function blame(
  plan: Plan,
  entry: Interpreted,
  names: readonly string[],
  code: ProblemCode,
  accepted?: string,
): void {
  const step = plan.steps.find(({ target }) => names.includes(target.name) && entry.values[target.name] !== undefined)
  const value = step && entry.values[step.target.name]
  entry.problems.push(
    problemOf(step?.column ?? null, code, value === undefined || value === null ? undefined : String(value), accepted),
  )
  if (plan.refuseRow) entry.usable = false
}

/** Finds the customers that rows hang on, as one statement; those of contacts also by the domain of their address. */
export async function resolveCustomers(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  const keys = entries.map(({ values }) => {
    const domain = Array.isArray(values.customerDomain) ? textOf(values.customerDomain[0]) : undefined
    const given = { externalId: textOf(values.customerExternalId), domain, name: textOf(values.customerName) }
    if ((plan.kind !== 'contacts' || given.externalId) ?? given.domain ?? given.name) return given
    return { domain: textOf(values.email)?.split('@').at(-1) }
  })
  const found = await findCustomers(ctx, keys)
  for (const [index, entry] of entries.entries()) {
    const id = found[index]
    const { values } = entry
    if (id) values.customerId = id
    else if (values.customerExternalId ?? values.customerDomain ?? values.customerName) {
      blame(plan, entry, ['customerExternalId', 'customerDomain', 'customerName'], 'no_customer')
    }
  }
}

/** Finds the contacts that rows come from; a row whose customer is known can do without. */
export async function resolveContacts(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  const keys = entries.map(({ values }) => ({
    externalId: textOf(values.contactExternalId),
    email: textOf(values.contactEmail),
  }))
  const found = await findContacts(ctx, keys)
  for (const [index, entry] of entries.entries()) {
    if (found[index]) entry.values.contactId = found[index]
    else if (!entry.values.customerId && entry.usable) {
      const names = ['contactExternalId', 'contactEmail']
      if (names.some(name => entry.values[name] !== undefined)) blame(plan, entry, names, 'no_contact')
    }
  }
}

/** Finds the members who look after customers, by e-mail address or exact name. */
export async function resolveOwners(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  const words = [...new Set(entries.flatMap(({ values }) => textOf(values.owner)?.toLowerCase() ?? []))]
  if (words.length === 0) return
  const { rows } = await sql<{ id: string; email: string; name: string }>`
    select m.id, u.email, lower(u.name) as name from member m join app_user u on u.id = m.user_id
    where m.tenant_id = ${ctx.tenantId} and (u.email = any(${words}::text[]) or lower(u.name) = any(${words}::text[]))`.execute(
    ctx.tx,
  )
  for (const entry of entries) {
    const word = textOf(entry.values.owner)?.toLowerCase()
    if (word === undefined) continue
    const byEmail = rows.filter(row => row.email === word)
    const matches = byEmail.length > 0 ? byEmail : rows.filter(row => row.name === word)
    if (matches.length === 1) entry.values.ownerId = matches[0]!.id
    else blame(plan, entry, ['owner'], 'no_member')
  }
}

/** Finds parents of customers by their external ids. */
export async function resolveParents(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  const asked = entries.filter(
    ({ values }) => textOf(values.parentExternalId) !== undefined && values.parentExternalId !== values.externalId,
  )
  const found = await findCustomers(
    ctx,
    asked.map(({ values }) => ({ externalId: textOf(values.parentExternalId) })),
  )
  for (const [index, entry] of asked.entries()) {
    if (found[index]) entry.values.parentId = found[index]
    else blame(plan, entry, ['parentExternalId'], 'no_customer')
  }
}

/** Finds the invoices that payments are for, by number or external id. */
export async function resolveInvoices(ctx: Context, plan: Plan, entries: Interpreted[]): Promise<void> {
  const numbers = entries.flatMap(({ values }) => textOf(values.invoiceNumber) ?? [])
  if (numbers.length === 0) return
  const { rows } = await sql<{ id: string; customer_id: string; number: string | null; external_id: string | null }>`
    select i.id, i.customer_id, i.number, i.external_id from invoice i
    where i.tenant_id = ${ctx.tenantId} and (i.external_id = any(${numbers}::text[])
      or (i.customer_id = any(${entries.flatMap(({ values }) => textOf(values.customerId) ?? [])}::uuid[]) and i.number = any(${numbers}::text[])))`.execute(
    ctx.tx,
  )
  for (const entry of entries) {
    const { invoiceNumber, customerId } = entry.values
    if (invoiceNumber === undefined) continue
    const invoice = rows.find(
      row => row.external_id === invoiceNumber || (row.number === invoiceNumber && row.customer_id === customerId),
    )
    if (invoice) {
      entry.values.invoiceId = invoice.id
      entry.values.customerId ??= invoice.customer_id
    } else blame(plan, entry, ['invoiceNumber'], 'no_invoice')
  }
}

/** The currencies of the customers that rows hang on, for amounts without one. */
export async function fillCurrencies(ctx: Context, entries: Interpreted[]): Promise<void> {
  const lacking = entries.filter(({ values }) => values.currency === undefined && values.customerId !== undefined)
  if (lacking.length === 0) return
  const { rows } = await sql<{ id: string; currency: string }>`
    select c.id, c.currency from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${lacking.map(({ values }) => values.customerId)}::uuid[])`.execute(
    ctx.tx,
  )
  const currencies = new Map(rows.map(row => [row.id, row.currency]))
  for (const { values } of lacking) values.currency = currencies.get(values.customerId as string) ?? 'JPY'
}
