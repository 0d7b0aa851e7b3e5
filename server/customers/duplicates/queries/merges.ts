import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { memberName } from '../../accounts/queries/customers.ts'

/** Days for which a merge can be undone. */
export const undoDays = 30

/** Merges, latest first. */
export async function listMerges(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<JsonText> {
  requirePermission(ctx, 'customers.merge')
  const after = readCursor(cursor, 2)
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', m.id, 'record', m.record, 'keptId', m.kept_id, 'mergedId', m.merged_id,
      'keptName', coalesce(kept.name, kept_contact.name, ''), 'mergedName', coalesce(merged.name, merged_contact.name, ''),
      'mergedAt', m.merged_at, 'mergedByName', ${memberName(ctx, sql`m.merged_by`)}, 'undoneAt', m.undone_at,
      'undoableUntil', m.merged_at + make_interval(days => ${undoDays}))::text as item
    from record_merge m
    left join customer kept on kept.tenant_id = ${ctx.tenantId} and kept.id = m.kept_id
    left join customer merged on merged.tenant_id = ${ctx.tenantId} and merged.id = m.merged_id
    left join contact kept_contact on kept_contact.tenant_id = ${ctx.tenantId} and kept_contact.id = m.kept_id
    left join contact merged_contact on merged_contact.tenant_id = ${ctx.tenantId} and merged_contact.id = m.merged_id
    where m.tenant_id = ${ctx.tenantId} and ${after ? sql`(m.merged_at, m.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`}
    order by m.merged_at desc, m.id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['mergedAt', 'id'])
}
