import { sql } from 'kysely'
import { type Context, requirePermission } from '../../platform/context/context.ts'
import { JsonText } from '../../platform/http/implement.ts'
import { memberName } from '../accounts/queries/customers.ts'

/** Views of a screen: one's own and the shared ones, by name. */
export async function listViews(ctx: Context, screen: string): Promise<JsonText> {
  requirePermission(ctx, 'customers.read')
  const self = ctx.actor.id ?? null
  const { rows } = await sql<{ items: string }>`
    select coalesce(json_agg(json_build_object('id', v.id, 'screen', v.screen, 'name', v.name, 'shared', v.shared,
      'mine', v.owner_id is not distinct from ${self}::uuid, 'ownerName', ${memberName(ctx, sql`v.owner_id`)},
      'definition', v.definition) order by v.name, v.id), '[]')::text as items
    from saved_view v
    where v.tenant_id = ${ctx.tenantId} and v.screen = ${screen} and (v.shared or v.owner_id = ${self}::uuid)`.execute(
    ctx.tx,
  )
  return new JsonText(`{"items":${rows[0]!.items}}`)
}
