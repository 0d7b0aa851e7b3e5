import { sql } from 'kysely'
import type { Context } from '../../platform/context/context.ts'
import { notFound } from '../../platform/errors/app-error.ts'
import type { JsonText } from '../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../platform/http/paging.ts'
import { endpointPath } from './path.ts'

interface Page {
  limit: number
  cursor?: string
}

/** Endpoints, the oldest first, with the secrets that hold; never the secrets themselves. */
export async function endpointPage(ctx: Context, { limit, cursor }: Page): Promise<JsonText> {
  const after = readCursor(cursor, 1)?.[0] ?? '00000000-0000-0000-0000-000000000000'
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', e.id, 'name', e.name, 'path', ${endpointPath(ctx.tenantId, '')}::text || e.id::text,
      'disabledAt', e.disabled_at, 'lastSeenAt', e.last_seen_at, 'createdAt', e.created_at, 'secrets', (
        select coalesce(json_agg(json_build_object('id', s.id, 'createdAt', s.created_at, 'expiresAt', s.expires_at) order by s.id desc), '[]')
        from webhook_secret s where s.tenant_id = ${ctx.tenantId} and s.endpoint_id = e.id
          and (s.expires_at is null or s.expires_at > ${ctx.now})))::text as item
    from webhook_endpoint e where e.tenant_id = ${ctx.tenantId} and e.id > ${after}::uuid order by e.id limit ${limit + 1}`.execute(
    ctx.tx,
  )
  return jsonPage(rows, limit, ['id'])
}

/** Deliveries of an endpoint, the latest first. @throws AppError `not_found` */
export async function deliveryPage(
  ctx: Context,
  id: string,
  { limit, cursor, state }: Page & { state?: string },
): Promise<JsonText> {
  const known = await sql`select 1 from webhook_endpoint where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  if (known.rows.length === 0) throw notFound()
  const [at, last] = readCursor(cursor, 2) ?? ['infinity', '']
  const { rows } = await sql<{ item: string }>`
    select json_build_object('webhookId', d.webhook_id, 'receivedAt', d.received_at, 'state', d.state, 'fault', d.fault, 'body', d.body)::text as item
    from webhook_delivery d
    where d.tenant_id = ${ctx.tenantId} and d.endpoint_id = ${id} and (d.received_at, d.webhook_id) < (${at}::timestamptz, ${last})
      and (${state ?? null}::text is null or d.state = ${state ?? null})
    order by d.received_at desc, d.webhook_id desc limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['receivedAt', 'webhookId'])
}
