import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { JsonText } from '../../../platform/http/implement.ts'

/** Where a provider sends to. */
export function providerPath(ctx: Pick<Context, 'tenantId'>, id: string): string {
  return `/v1/mail-events/${ctx.tenantId}/${id}`
}

export async function providerList(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'messages.manage')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object('id', p.id, 'kind', p.kind, 'name', p.name,
      'path', '/v1/mail-events/' || p.tenant_id || '/' || p.id, 'confirmedAt', p.confirmed_at, 'lastSeenAt', p.last_seen_at)
      order by p.created_at, p.id), '[]'))::text as item
    from mail_provider p where p.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
