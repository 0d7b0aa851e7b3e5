import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { flowDocument } from '../contract/document.ts'
import type { flowVersions, getFlow, listFlows } from '../contract/flows.ts'
import { flowFaults } from './check.ts'

const columns = sql`'id', f.id, 'key', f.key, 'nameJa', f.name_ja, 'nameEn', f.name_en,
  'description', f.description, 'kind', f.kind, 'state', f.state, 'subject', f.subject, 'priority', f.priority,
  'version', f.version, 'fault', f.fault, 'changed', f.version is null or f.draft <> v.document,
  'publishedAt', v.published_at, 'createdAt', f.created_at, 'updatedAt', f.updated_at,
  'active', coalesce(n.active, 0), 'failed', coalesce(n.failed, 0), 'ended', coalesce(n.ended, 0), 'heldOut', coalesce(n.held, 0)`

function from(ctx: Context): RawBuilder<unknown> {
  return sql`flow f
    left join flow_version v on v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id and v.number = f.version
    left join (
      select e.flow_id, count(*) filter (where e.state in ('active', 'paused'))::int as active,
        count(*) filter (where e.state = 'failed')::int as failed,
        count(*) filter (where e.state = 'ended' and e.reason is distinct from 'holdout')::int as ended,
        count(*) filter (where e.state = 'holdout' or e.reason = 'holdout')::int as held
      from flow_enrolment e where e.tenant_id = ${ctx.tenantId} group by e.flow_id) n on n.flow_id = f.id`
}

/** All flows: enabled ones first, by name. */
export async function flowList(ctx: Context, { state, kind }: z.output<typeof listFlows.query>): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const { rows } = await sql<{ item: string }>`
    select json_build_object(${columns})::text as item from ${from(ctx)}
    where f.tenant_id = ${ctx.tenantId} and f.state = coalesce(${state ?? null}, f.state) and f.kind = coalesce(${kind ?? null}, f.kind)
    order by array_position(array['enabled', 'paused', 'draft', 'archived'], f.state), f.name_ja, f.id`.execute(ctx.tx)
  return new JsonText(`{"items":[${rows.map(({ item }) => item).join(',')}]}`)
}

/** One flow with its draft and what is wrong with it. @throws AppError `not_found` */
export async function oneFlow(ctx: Context, id: string): Promise<RouteReply<typeof getFlow>> {
  requirePermission(ctx, 'flows.view')
  const { rows } = await sql<{ item: RouteReply<typeof getFlow> }>`
    select json_build_object(${columns}, 'document', f.draft, 'published', v.document, 'hasHook', f.hook_hash is not null) as item
    from ${from(ctx)} where f.tenant_id = ${ctx.tenantId} and f.id = ${id}`.execute(ctx.tx)
  const [row] = rows
  if (!row) throw notFound()
  return { ...row.item, faults: await flowFaults(ctx, flowDocument.parse(row.item.document)) }
}

/** The published versions, the newest first. @throws AppError `not_found` */
export async function versionList(ctx: Context, id: string): Promise<RouteReply<typeof flowVersions>> {
  requirePermission(ctx, 'flows.view')
  const { rows } = await sql<{ items: RouteReply<typeof flowVersions>['items'] }>`
    select coalesce((select json_agg(json_build_object('number', v.number, 'publishedAt', v.published_at, 'publishedByName', u.name,
        'document', v.document, 'active', (select count(*)::int from flow_enrolment e where e.tenant_id = ${ctx.tenantId}
          and e.flow_id = v.flow_id and e.version = v.number and e.state in ('active', 'paused', 'failed'))) order by v.number desc)
      from flow_version v
      left join member m on m.tenant_id = ${ctx.tenantId} and m.id = v.published_by left join app_user u on u.id = m.user_id
      where v.tenant_id = ${ctx.tenantId} and v.flow_id = f.id), '[]') as items
    from flow f where f.tenant_id = ${ctx.tenantId} and f.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}
