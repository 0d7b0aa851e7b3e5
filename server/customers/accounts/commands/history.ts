import { sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { By, CustomerValues, Patch } from './values.ts'

/** Beside the change itself: why it was made, and the hand-over that it belongs to. */
export interface Reason {
  note?: string
  batchId?: string
}

interface Turn {
  customer_id: string
  field: 'owner' | 'status' | 'parent'
  from_value: string | null
  to_value: string | null
}

/**
 * Notes who looked after the customers, their status and their parent before a patch changes them, and announces it.
 * Called before the patch: it compares with what is stored.
 */
export async function recordHistory(
  ctx: Context,
  rows: Patch<CustomerValues>[],
  by: By,
  reason: Reason = {},
): Promise<void> {
  const lines = rows.flatMap(({ id, values }) =>
    (
      [
        ['owner', values.ownerId],
        ['status', values.status],
        ['parent', values.parentId],
      ] as const
    ).flatMap(([field, value]) => (value === undefined ? [] : [{ id, field, value }])),
  )
  if (lines.length === 0) return
  const { rows: turns } = await sql<Turn>`
    insert into customer_history (tenant_id, id, customer_id, at, field, from_value, to_value, cause, actor_id, batch_id, note)
    select ${ctx.tenantId}, gen_random_uuid(), c.id, ${ctx.now}, line.field, known.value, line.value, ${by.origin},
      ${ctx.actor.id ?? null}::uuid, ${reason.batchId ?? null}::uuid, ${reason.note ?? null}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, field text, value text)
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = line.id,
    lateral (select case line.field when 'owner' then c.owner_id::text when 'status' then c.status else c.parent_id::text end) as known (value)
    where known.value is distinct from line.value and (line.field <> 'status' or line.value is not null)
    returning customer_id, field, from_value, to_value`.execute(ctx.tx)
  for (const turn of turns) {
    announce(ctx, {
      type: `customer.${turn.field}_changed`,
      subject: { kind: 'customer', id: turn.customer_id },
      payload: { from: turn.from_value, to: turn.to_value, cause: by.origin },
    })
    if (turn.field === 'status' && turn.to_value === 'CHURNED') {
      announce(ctx, {
        type: 'customer.churned',
        subject: { kind: 'customer', id: turn.customer_id },
        payload: { cause: by.origin },
      })
    }
  }
}
