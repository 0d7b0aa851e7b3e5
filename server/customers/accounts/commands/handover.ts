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
  const { rows: moving } = await sql<{ id: string; name: string }>`
    select c.id, c.name from customer c where c.tenant_id = ${ctx.tenantId}
      and c.id = any(${customers.map(customer => customer.id)}::uuid[]) and c.owner_id is distinct from ${toId}::uuid`.execute(
    ctx.tx,
  )
  const samples = moving.slice(0, 5).map(customer => customer.name)
  if (dryRun || moving.length === 0) {
    return { batchId: null, matched: customers.length, changed: dryRun ? moving.length : 0, samples }
  }
  const batchId = uuidv7()
  const ids = moving.map(customer => customer.id)
  await assign(ctx, ids, toId, { batchId, note })
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
  return { batchId, matched: customers.length, changed: ids.length, samples }
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
