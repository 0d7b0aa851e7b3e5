import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { handOver as contract } from '../contract/customers.ts'
import { withinReach } from '../queries/reach.ts'
import { type BulkResult, selected } from './bulk.ts'
import { noteToday } from './facts.ts'
import { recordHistory } from './history.ts'

/** Gives customers to another CSM, or to nobody, as one hand-over that can be taken back. */
export async function handOver(
  ctx: Context,
  { dryRun, toId, note, ...selection }: z.output<typeof contract.body>,
): Promise<BulkResult & { batchId: string | null }> {
  await checkOwner(ctx, toId, 'body.toId')
  const customers = await selected(ctx, selection, 'customers.assign')
  const moving = await movingTo(
    ctx,
    customers.map(({ id }) => id),
    toId,
  )
  const samples = moving.slice(0, 5).map(customer => customer.name)
  const batchId = dryRun ? null : await passOn(ctx, moving, toId, note)
  return { batchId, matched: customers.length, changed: moving.length, samples }
}

/**
 * Gives one customer to another CSM for a caller that has checked its own permission, such as that to complete an
 * onboarding: who does it stands in the history and in the audit log.
 * @throws AppError `invalid_input` for somebody who cannot own customers
 */
export async function handOverCustomer(ctx: Context, customerId: string, toId: string, note: string): Promise<void> {
  await checkOwner(ctx, toId, 'body.handOverTo')
  await passOn(ctx, await movingTo(ctx, [customerId], toId), toId, note)
}

/** Those of some customers that are not with somebody already. */
async function movingTo(ctx: Context, ids: string[], toId: string | null): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select c.id, c.name from customer c where c.tenant_id = ${ctx.tenantId}
      and c.id = any(${ids}::uuid[]) and c.owner_id is distinct from ${toId}::uuid`.execute(ctx.tx)
  return rows
}

/** @returns the id of the hand-over; null where there was nothing to hand over */
async function passOn(
  ctx: Context,
  moving: readonly { id: string }[],
  toId: string | null,
  note: string | undefined,
): Promise<string | null> {
  if (moving.length === 0) return null
  const batchId = uuidv7()
  const ids = moving.map(customer => customer.id)
  await assign(ctx, ids, toId, { batchId, ...(note !== undefined && { note }) })
  record(ctx, {
    action: 'customers.handed_over',
    subject: { kind: 'handover', id: batchId },
    details: { to: toId, customers: ids.length },
  })
  announce(ctx, {
    type: 'customers.handed_over',
    subject: { kind: 'handover', id: batchId },
    payload: { to: toId, customers: ids.length },
  })
  return batchId
}

/** Sets the owner of customers and keeps who had them before. */
async function assign(
  ctx: Context,
  ids: string[],
  ownerId: string | null,
  reason: { batchId?: string; note?: string },
): Promise<void> {
  const origin = ctx.actor.kind === 'api_key' ? 'api' : 'person'
  await recordHistory(
    ctx,
    ids.map(id => ({ id, values: { ownerId } })),
    { origin },
    reason,
  )
  await sql`
    update customer set owner_id = ${ownerId}::uuid, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[])`.execute(ctx.tx)
  await noteToday(ctx, 'customer', ids)
}

/**
 * Takes a hand-over back: customers that nobody reassigned since go back to whom they were with, or to nobody where that
 * person has left.
 * @returns how many
 */
export async function undoHandOver(ctx: Context, batchId: string): Promise<number> {
  const scope = requirePermission(ctx, 'customers.assign')
  const { rows } = await sql<{ id: string; from_value: string | null; current: boolean }>`
    select c.id, (select m.id::text from member m where m.tenant_id = ${ctx.tenantId} and m.id = h.from_value::uuid
        and m.role <> 'portal_user') as from_value,
      c.owner_id::text is not distinct from h.to_value as current
    from customer_history h join customer c on c.tenant_id = ${ctx.tenantId} and c.id = h.customer_id
    where h.tenant_id = ${ctx.tenantId} and h.batch_id = ${batchId} and h.field = 'owner'
      and (${withinReach(ctx, scope)} or h.actor_id = ${ctx.actor.id ?? null}::uuid)
    order by c.id, h.at for no key update of c`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  // A merge brings the history of the other customer along: the first line of a customer counts.
  const lines = rows.filter((row, place) => row.current && rows[place - 1]?.id !== row.id)
  const back = Map.groupBy(lines, row => row.from_value)
  let changed = 0
  for (const [ownerId, customers] of back) {
    await assign(
      ctx,
      customers.map(customer => customer.id),
      ownerId,
      {},
    )
    changed += customers.length
  }
  record(ctx, {
    action: 'customers.handover_undone',
    subject: { kind: 'handover', id: batchId },
    details: { customers: changed },
  })
  return changed
}

/** @throws AppError `invalid_input` when the id is no member of this company */
export async function checkOwner(ctx: Context, ownerId: string | null | undefined, path: string): Promise<void> {
  if (!ownerId) return
  const { rows } = await sql`
    select 1 from member m where m.tenant_id = ${ctx.tenantId} and m.id = ${ownerId} and m.role <> 'portal_user'`.execute(
    ctx.tx,
  )
  if (rows.length > 0) return
  throw invalidField(path, {
    ja: 'このIDのメンバーはいません。担当者をメンバーから選んでください。',
    en: 'No member has this id. Choose one of the members.',
  })
}
