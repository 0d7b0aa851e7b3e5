import { sql } from 'kysely'
import { findCustomers } from '../../../customers/accounts/queries/match.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import type { Context } from '../../../platform/context/context.ts'
import { type MembershipCall, spansOf } from '../span.ts'

/** To which users anonymous ids belong: those asked for, and all of the users asked for. */
export async function linksOf(ctx: Context, persons: readonly string[]): Promise<Map<string, string>> {
  const asked = JSON.stringify(persons)
  const { rows } = await sql<{ anonymous: string; person: string }>`
    with asked as materialized (select person from jsonb_array_elements_text(${asked}::jsonb) as asked (person))
    select l.anonymous, l.person from person_link l
    where l.tenant_id = ${ctx.tenantId} and l.person in (
      select person from asked union
      select own.person from person_link own join asked on asked.person = own.anonymous where own.tenant_id = ${ctx.tenantId})
    union
    select l.anonymous, l.person from person_link l join asked on asked.person = l.anonymous where l.tenant_id = ${ctx.tenantId}`.execute(
    ctx.tx,
  )
  return new Map(rows.map(row => [row.anonymous, row.person]))
}

/** Group calls by the person that made them. */
export async function callsOf(ctx: Context, persons: Iterable<string>): Promise<Map<string, MembershipCall[]>> {
  const { rows } = await sql<{ person: string; at: Date; ref: string; groupId: string }>`
    select c.person, c.at, c.message_id as ref, c.group_id as "groupId" from membership_call c
    where c.tenant_id = ${ctx.tenantId} and c.person in (
      select jsonb_array_elements_text(${JSON.stringify([...persons])}::jsonb))`.execute(ctx.tx)
  const calls = new Map<string, MembershipCall[]>()
  for (const { person, at, ref, groupId } of rows) {
    const call = { at: at.getTime(), ref, groupId }
    const known = calls.get(person)
    if (known) known.push(call)
    else calls.set(person, [call])
  }
  return calls
}

/** Persons by the user to whom they belong; a person without one is its own. */
export function byRoot(persons: Iterable<string>, links: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const roots = new Map<string, Set<string>>()
  const add = (person: string) => {
    const root = links.get(person) ?? person
    const members = roots.get(root)
    if (members) members.add(person)
    else roots.set(root, new Set([root, person]))
  }
  for (const person of persons) add(person)
  for (const anonymous of links.keys()) add(anonymous)
  return roots
}

/** To whom events of a person belong, by when they occurred. Times as PostgreSQL reads them. */
export interface PersonSpan {
  person: string
  since: string
  until: string
  customer: string | null
  contact: string | null
}

/** What the roll-ups need to know of persons and of companies that events name themselves. */
export async function attributionOf(
  ctx: Context,
  persons: readonly string[],
  groupIds: readonly string[],
): Promise<{ spans: PersonSpan[]; groups: { id: string; customer: string }[] }> {
  const links = await linksOf(ctx, persons)
  const roots = byRoot(persons, links)
  const calls = await callsOf(ctx, new Set([...roots.values()].flatMap(members => [...members])))
  const contacts = await contactsOf(ctx, [...roots.keys()])
  const named = new Set([...groupIds, ...[...calls.values()].flatMap(list => list.map(call => call.groupId))])
  const customers = await customersOf(ctx, [...named])
  const asked = new Set(persons)
  const spans: PersonSpan[] = []
  for (const [root, members] of roots) {
    const contact = contacts.get(root)
    const history = spansOf([...members].flatMap(member => calls.get(member) ?? []))
    const pieces =
      history.length > 0
        ? history.map(span => ({
            since: timeText(span.since),
            until: timeText(span.until),
            customer: customers.get(span.groupId) ?? null,
          }))
        : // Nothing was said by calls: what the record says of the contact.
          [{ since: '-infinity', until: 'infinity', customer: contact?.customerId ?? null }]
    for (const person of members) {
      if (!asked.has(person)) continue
      for (const piece of pieces) spans.push({ person, ...piece, contact: contact?.id ?? null })
    }
  }
  const groups = groupIds.flatMap(id => {
    const customer = customers.get(id)
    return customer ? [{ id, customer }] : []
  })
  return { spans, groups }
}

function timeText(moment: number): string {
  if (moment === Number.NEGATIVE_INFINITY) return '-infinity'
  return moment === Number.POSITIVE_INFINITY ? 'infinity' : new Date(moment).toISOString()
}

/** Contacts of users, merged ones as what they were merged into. */
async function contactsOf(
  ctx: Context,
  roots: string[],
): Promise<Map<string, { id: string; customerId: string | null }>> {
  const users = roots.filter(root => root.startsWith('u:'))
  const ids = await findContacts(
    ctx,
    users.map(user => ({ externalId: user.slice(2) })),
  )
  const { rows } = await sql<{ id: string; customerId: string | null }>`
    select id, customer_id as "customerId" from contact
    where tenant_id = ${ctx.tenantId} and id = any(${ids.filter(id => id !== undefined)}::uuid[])`.execute(ctx.tx)
  const byId = new Map(rows.map(row => [row.id, row]))
  return new Map(
    users.flatMap((user, index) => {
      const contact = byId.get(ids[index] ?? '')
      return contact ? [[user, contact] as const] : []
    }),
  )
}

/** Customers by their ids in the product. */
export async function customersOf(ctx: Context, groupIds: readonly string[]): Promise<Map<string, string>> {
  const ids = await findCustomers(
    ctx,
    groupIds.map(externalId => ({ externalId })),
  )
  return new Map(
    groupIds.flatMap((groupId, index) => {
      const id = ids[index]
      return id ? [[groupId, id] as const] : []
    }),
  )
}
