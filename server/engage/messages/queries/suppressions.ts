import { sql } from 'kysely'
import type { z } from 'zod'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import { blindIndex, unseal } from '../../../platform/secrets/box.ts'
import type { listSuppressions } from '../contract/settings.ts'

/** Where the box of an address stands. */
export function suppressionPlace(ctx: Pick<Context, 'tenantId'>, id: string) {
  return { tenant: ctx.tenantId, table: 'message_suppression', column: 'address_box', row: id }
}

interface Row {
  id: string
  box: string
  reason: 'bounce' | 'complaint' | 'manual'
  note: string | null
  name: string | null
  at: Date
  position: string
}

/** Addresses that get nothing, newest first. */
export async function suppressionPage(
  ctx: Context,
  { limit, cursor, address }: z.output<typeof listSuppressions.query>,
): Promise<RouteReply<typeof listSuppressions>> {
  requirePermission(ctx, 'messages.manage')
  const { keyring } = ctx.installation
  const before = readCursor(cursor, 2)
  const { rows } = await sql<Row>`
    select s.id, s.address_box as box, s.reason, s.note, ${memberName(ctx, sql`s.created_by`)} as name, s.created_at as at,
      s.created_at::text as position
    from message_suppression s where s.tenant_id = ${ctx.tenantId}
      and ${address ? sql`s.address_index = ${blindIndex(keyring, ctx.tenantId, address)}` : sql`true`}
      and ${before ? sql`(s.created_at, s.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)` : sql`true`}
    order by s.created_at desc, s.id desc limit ${limit + 1}`.execute(ctx.tx)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    items: shown.map(row => ({
      id: row.id,
      address: unseal(keyring, suppressionPlace(ctx, row.id), row.box),
      reason: row.reason,
      note: row.note,
      createdByName: row.name,
      createdAt: row.at.toISOString(),
    })),
    next: last ? cursorOf([last.position, last.id]) : null,
  }
}
