import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { InAppDocument, InAppState } from '../contract/document.ts'

function fields(ctx: Context) {
  return sql`'id', m.id, 'key', m.key, 'name', m.name, 'kind', m.kind, 'state', m.state, 'priority', m.priority,
    'startsAt', m.starts_at, 'endsAt', m.ends_at, 'updatedAt', m.updated_at, 'figures', (
      select json_build_object('queued', count(*), 'shown', count(d.first_shown_at), 'clicked', count(d.clicked_at),
        'dismissed', count(d.dismissed_at), 'completed', count(d.completed_at))
      from in_app_delivery d where d.tenant_id = ${ctx.tenantId} and d.message_id = m.id)`
}

export async function inAppList(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object(${fields(ctx)}) order by m.name, m.id), '[]'))::text as item
    from in_app_message m where m.tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}

/** @throws AppError `not_found` */
export async function oneInApp(ctx: Context, id: string): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${fields(ctx)}, 'document', m.document)::text as item
    from in_app_message m where m.tenant_id = ${ctx.tenantId} and m.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

interface StoredInApp {
  id: string
  key: string
  name: string
  state: InAppState
  priority: number
  document: InAppDocument
}

/** All of them with what they say, for the modules that take them elsewhere. */
export async function inAppsWithDocument(ctx: Context): Promise<StoredInApp[]> {
  const { rows } = await sql<StoredInApp>`
    select id, key, name, state, priority, document from in_app_message where tenant_id = ${ctx.tenantId} order by key`.execute(
    ctx.tx,
  )
  return rows
}

/** Sources that are not switched off, with who is shown messages there. */
export async function inAppSourceList(ctx: Context): Promise<JsonText> {
  requirePermission(ctx, 'messages.read')
  const { rows } = await sql<{ item: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object('id', s.id, 'name', s.name, 'mode', coalesce(i.mode, 'off'))
      order by s.name, s.id), '[]'))::text as item
    from source s left join in_app_source i on i.tenant_id = ${ctx.tenantId} and i.source_id = s.id
    where s.tenant_id = ${ctx.tenantId} and s.disabled_at is null`.execute(ctx.tx)
  return new JsonText(rows[0]!.item)
}
