import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { createCustomers, updateCustomers } from '../../../customers/accounts/commands/save.ts'
import type { CustomerValues } from '../../../customers/accounts/commands/values.ts'
import { attributesOf } from '../../../customers/attributes/queries/attributes.ts'
import { type ContactValues, createContacts, updateContacts } from '../../../customers/contacts/commands/save.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import type { Context, JsonValue } from '../../../platform/context/context.ts'
import { type Merged, mergeSayings, type Saying } from '../merge.ts'
import type { Call } from '../queries/calls.ts'
import { customersOf } from '../queries/persons.ts'
import { stampOf } from '../span.ts'
import { contactField, customerField } from '../traits.ts'
import type { Membership } from './histories.ts'

const by = { origin: 'ingest' } as const

/** Makes the customers that are named and not known, and merges what group calls say of them. */
export async function followGroups(ctx: Context, calls: readonly Call[], groupIds: readonly string[]): Promise<void> {
  const said = sayingsBy(calls, call => (call.type === 'group' ? call.groupId : null))
  const ids = [...new Set([...groupIds, ...said.keys()])]
  const known = await customersOf(ctx, ids)
  const times = await timesOf(ctx, 'customer', [...known.values()])
  const attributes = new Map((await attributesOf(ctx, 'customer')).map(each => [each.key, each]))
  const places = { field: customerField, attributes, parts: false }
  const created: { id: string; values: CustomerValues }[] = []
  const updated: { id: string; values: CustomerValues }[] = []
  for (const groupId of ids) {
    const id = known.get(groupId)
    const merged = mergeSayings(said.get(groupId) ?? [], (id && times.get(id)) || {}, places)
    const values = valuesOf(merged) as CustomerValues
    if (!id) created.push({ id: uuidv7(), values: { ...given(values), externalId: groupId } })
    else if (isSaying(merged)) updated.push({ id, values })
  }
  await createCustomers(ctx, created, by)
  await updateCustomers(ctx, updated, by)
}

/** A user, as a contact. */
export interface KnownUser {
  user: string
  contactId: string
}

/**
 * Makes the contacts of users that are not known, and merges what identify calls say of them; e-mail addresses are left
 * to `followEmails`.
 * @param adopted contacts that an address gives to a user who has none
 */
export async function followUsers(
  ctx: Context,
  calls: readonly Call[],
  users: readonly string[],
  adopted: ReadonlyMap<string, string>,
): Promise<KnownUser[]> {
  const said = sayingsBy(calls, call => (call.type === 'identify' && call.person.startsWith('u:') ? call.person : null))
  const all = [...new Set([...users, ...said.keys()])]
  const found = await findContacts(
    ctx,
    all.map(user => ({ externalId: user.slice(2) })),
  )
  const ids = all.map((user, index) => found[index] ?? adopted.get(user))
  const times = await timesOf(
    ctx,
    'contact',
    ids.flatMap(id => id ?? []),
  )
  const attributes = new Map((await attributesOf(ctx, 'contact')).map(each => [each.key, each]))
  const places = { field: contactField, attributes, parts: true }
  const created: { id: string; values: ContactValues }[] = []
  const updated: { id: string; values: ContactValues }[] = []
  const known = all.map((user, index) => {
    const id = ids[index]
    const merged = mergeSayings(said.get(user) ?? [], (id && times.get(id)) || {}, places)
    const values = valuesOf(merged) as ContactValues
    if (found[index] === undefined) values.externalId = user.slice(2)
    const contactId = id ?? uuidv7()
    if (!id) created.push({ id: contactId, values: given(values) })
    else if (isSaying(merged) || found[index] === undefined) updated.push({ id, values })
    return { user, contactId }
  })
  await createContacts(ctx, created, by)
  await updateContacts(ctx, updated)
  return known
}

/** Writes to which customer contacts belong, by the latest group call, where no person said otherwise since. */
export async function followMemberships(
  ctx: Context,
  memberships: readonly Membership[],
  known: readonly KnownUser[],
): Promise<void> {
  const contactOf = new Map(known.map(({ user, contactId }) => [user, contactId]))
  const customers = await customersOf(ctx, [...new Set(memberships.flatMap(({ groupId }) => groupId ?? []))])
  const times = await timesOf(ctx, 'contact', [...contactOf.values()])
  const updated: { id: string; values: ContactValues }[] = []
  for (const { user, groupId, stamp } of memberships) {
    const id = contactOf.get(user)
    if (!id) continue
    const before = times.get(id)?.customerId ?? ''
    // What a call said before may be taken back by a link that turned out to be another's; what a person said is not.
    if (before === stamp || (!isOurs(before) && before > stamp)) continue
    const customerId = groupId === null ? null : (customers.get(groupId) ?? null)
    updated.push({ id, values: { customerId, fieldTimes: { customerId: stamp } } })
  }
  await updateContacts(ctx, updated)
}

/** Stamps of calls end with the id of their source. */
export function isOurs(stamp: string): boolean {
  return stamp === '' || / [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(stamp)
}

/** When each field of records was last said. */
export async function timesOf(
  ctx: Context,
  kind: 'customer' | 'contact',
  ids: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const { rows } = await sql<{ id: string; times: Record<string, string> }>`
    select id, field_times as times from ${sql.table(kind)} where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(
    ctx.tx,
  )
  return new Map(rows.map(row => [row.id, row.times]))
}

function sayingsBy(calls: readonly Call[], keyOf: (call: Call) => string | null): Map<string, Saying[]> {
  const sayings = new Map<string, Saying[]>()
  for (const call of calls) {
    const key = keyOf(call)
    if (key === null) continue
    const saying = { stamp: stampOf(call.at, call.ref), traits: call.traits }
    const list = sayings.get(key)
    if (list) list.push(saying)
    else sayings.set(key, [saying])
  }
  return sayings
}

function isSaying(merged: Merged): boolean {
  return Object.keys(merged.stamps).length > 0
}

function valuesOf({ fields, attributes, traits, stamps }: Merged): Record<string, unknown> {
  return {
    ...plain(fields),
    attributes: plain(attributes),
    traits: plain(traits),
    fieldTimes: stamps,
  }
}

/** What empties a field or trait says nothing of a record that is made only now. */
function given<Values extends { traits?: Record<string, JsonValue> }>(values: Values): Values {
  const traits = Object.entries(values.traits ?? {}).filter(([, value]) => value !== null)
  return { ...values, traits: Object.fromEntries(traits) }
}

function plain(values: ReadonlyMap<string, JsonValue>): Record<string, JsonValue> {
  return Object.fromEntries(values)
}
