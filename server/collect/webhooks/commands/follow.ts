import { sql } from 'kysely'
import { updateCustomers } from '../../../customers/accounts/commands/save.ts'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import { findContacts } from '../../../customers/contacts/queries/match.ts'
import { type Context, type JsonValue, record } from '../../../platform/context/context.ts'
import { followCalls, lockRecords } from '../../ingest/commands/identity.ts'
import { timesOf } from '../../ingest/commands/records.ts'
import type { Call } from '../../ingest/queries/calls.ts'
import { customersOf } from '../../ingest/queries/persons.ts'
import { type ProductEvent, productEvent } from '../contract.ts'

type Of<Type extends ProductEvent['type']> = Extract<ProductEvent, { type: Type }>

/** A delivery as its stamps name it. */
interface Delivery {
  webhookId: string
  endpointId: string
}

/** Follows a delivery that was stored. What cannot be followed stays, with its fault. */
export async function followDelivery(ctx: Context, delivery: Delivery): Promise<void> {
  const { rows } = await sql<{ body: string }>`
    select body from webhook_delivery
    where tenant_id = ${ctx.tenantId} and endpoint_id = ${delivery.endpointId} and webhook_id = ${delivery.webhookId}
      and state = 'waiting' for update`.execute(ctx.tx)
  if (!rows[0]) return
  const read = productEvent.safeParse(JSON.parse(rows[0].body))
  if (!read.success) {
    const fault = read.error.issues.map(issue => `${issue.path.join('.') || '(body)'}: ${issue.message}`).join('; ')
    return settle(ctx, delivery, 'refused', fault.slice(0, 1_000))
  }
  await lockRecords(ctx)
  const event = read.data
  if (event.type === 'user.signed_up') await signedUp(ctx, delivery, event)
  else if (event.type === 'customer.upgraded') await upgraded(ctx, delivery, event)
  else await churned(ctx, delivery, event)
  await settle(ctx, delivery, 'done', null)
  record(ctx, {
    action: 'webhook.followed',
    subject: { kind: 'webhook_endpoint', id: delivery.endpointId },
    details: { type: event.type },
  })
}

async function settle(
  ctx: Context,
  delivery: Delivery,
  state: 'done' | 'refused',
  fault: string | null,
): Promise<void> {
  await sql`
    update webhook_delivery set state = ${state}, fault = ${fault}
    where tenant_id = ${ctx.tenantId} and endpoint_id = ${delivery.endpointId} and webhook_id = ${delivery.webhookId}`.execute(
    ctx.tx,
  )
}

/** The contact, and the customer where the product names one: as an identify and a group call would make them. */
async function signedUp(ctx: Context, delivery: Delivery, { data, timestamp }: Of<'user.signed_up'>): Promise<void> {
  const { userId, email, name, plan, customerId, customerName } = data
  const calls = [
    callOf(delivery, timestamp, 'identify', `u:${userId}`, null, { email, name, plan, createdAt: timestamp }),
    ...(customerId ? [callOf(delivery, timestamp, 'group', `u:${userId}`, customerId, { name: customerName })] : []),
  ]
  await followCalls(ctx, calls, [], [])
}

async function upgraded(ctx: Context, delivery: Delivery, { data, timestamp }: Of<'customer.upgraded'>): Promise<void> {
  const { customerId, plan, userId } = data
  if (!userId) {
    await followCalls(ctx, [callOf(delivery, timestamp, 'group', '', customerId, { plan })], [], [])
    return
  }
  const person = `u:${userId}`
  const calls = [
    callOf(delivery, timestamp, 'group', person, customerId, { plan }),
    callOf(delivery, timestamp, 'identify', person, null, { plan }),
  ]
  await followCalls(ctx, calls, [], [])
  const [contactId] = await findContacts(ctx, [{ externalId: userId }])
  const known = contactId && (await timesOf(ctx, 'contact', [contactId])).get(contactId)?.upgradedAt
  const said = stamp(delivery, timestamp)
  if (!contactId || (known && known >= said)) return
  const upgradedAt = new Date(timestamp).toISOString()
  await updateContacts(ctx, [{ id: contactId, values: { upgradedAt, fieldTimes: { upgradedAt: said } } }])
}

/**
 * The customer has left; the change of status announces `customer.churned` with the cause `webhook`, to which a later
 * module reacts that tries to win it back. A person who has set the status since is not overruled.
 */
async function churned(ctx: Context, delivery: Delivery, { data, timestamp }: Of<'customer.churned'>): Promise<void> {
  await followCalls(ctx, [], [], [data.customerId])
  const id = (await customersOf(ctx, [data.customerId])).get(data.customerId)!
  const said = stamp(delivery, timestamp)
  const known = (await timesOf(ctx, 'customer', [id])).get(id)?.status
  if (known && known >= said) return
  const { rows } = await sql<{ day: string }>`
    select coalesce(${data.churnedOn ?? null}::date, (${timestamp}::timestamptz at time zone time_zone)::date)::text as day
    from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const { day } = rows[0]!
  const values = {
    status: 'CHURNED',
    churnedOn: day,
    ...(data.reason && { churnReason: data.reason }),
    fieldTimes: { status: said, churnedOn: said },
  }
  await updateCustomers(ctx, [{ id, values }], { origin: 'webhook' })
}

function callOf(
  { webhookId, endpointId }: Delivery,
  timestamp: string,
  type: Call['type'],
  person: string,
  groupId: string | null,
  said: Record<string, JsonValue | undefined>,
): Call {
  const traits = Object.fromEntries(
    Object.entries(said).filter((pair): pair is [string, JsonValue] => pair[1] !== undefined),
  )
  return {
    type,
    person,
    otherPerson: null,
    groupId,
    at: Date.parse(timestamp),
    ref: `${webhookId} ${endpointId}`,
    sourceId: undefined,
    messageId: webhookId,
    traits,
  }
}

function stamp({ webhookId, endpointId }: Delivery, timestamp: string): string {
  return `${new Date(timestamp).toISOString()} ${webhookId} ${endpointId}`
}
