import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { type FindingCode, findingWords } from '../rejection.ts'

interface Page {
  limit: number
  cursor?: string
}

/** A source as the API shows it; `s` is the source. */
function shown(ctx: Context) {
  return sql`
    json_build_object('id', s.id, 'name', s.name, 'kind', s.kind, 'limitPerMinute', s.limit_per_minute, 'disabledAt', s.disabled_at,
      'lastSeenAt', s.last_seen_at, 'createdAt', s.created_at, 'day', (
        select json_build_object('accepted', coalesce(sum(h.accepted), 0), 'duplicated', coalesce(sum(h.duplicated), 0),
          'rejected', coalesce(sum(h.rejected), 0), 'conflicting', coalesce(sum(h.conflicting), 0), 'hours', (
            select json_agg(coalesce(each.accepted, 0) order by hour.at)
            from generate_series(date_trunc('hour', ${ctx.now}::timestamptz) - interval '23 hours',
              date_trunc('hour', ${ctx.now}::timestamptz), interval '1 hour') as hour (at)
            left join source_hour each on each.tenant_id = ${ctx.tenantId} and each.source_id = s.id and each.hour = hour.at))
        from source_hour h where h.tenant_id = ${ctx.tenantId} and h.source_id = s.id
          and h.hour > ${ctx.now}::timestamptz - interval '24 hours'))::text`
}

/** Sources, the oldest first. */
export async function sourcePage(ctx: Context, { limit, cursor }: Page): Promise<JsonText> {
  const after = readCursor(cursor, 1)?.[0] ?? '00000000-0000-0000-0000-000000000000'
  const { rows } = await sql<{ item: string }>`
    select ${shown(ctx)} as item from source s
    where s.tenant_id = ${ctx.tenantId} and s.id > ${after}::uuid order by s.id limit ${limit + 1}`.execute(ctx.tx)
  return jsonPage(rows, limit, ['id'])
}

/** @throws AppError `not_found` */
export async function sourceById(ctx: Context, id: string): Promise<JsonText> {
  const { rows } = await sql<{ item: string }>`
    select ${shown(ctx)} as item from source s where s.tenant_id = ${ctx.tenantId} and s.id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** What the debugger shows of a source, the newest first. @throws AppError `not_found` */
export async function findingPage(
  ctx: Context,
  sourceId: string,
  { limit, cursor, kind, code }: Page & { kind?: string; code?: string },
): Promise<JsonText> {
  await refuseForeign(ctx, sourceId)
  const before = readCursor(cursor, 1)?.[0] ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  const { rows } = await sql<{ item: { id: string; code: FindingCode } }>`
    select json_build_object('id', f.id, 'receivedAt', f.received_at, 'kind', f.kind, 'code', f.code, 'path', f.path,
      'messageId', f.message_id, 'person', f.person, 'body', f.body) as item
    from ingest_finding f
    where f.tenant_id = ${ctx.tenantId} and f.source_id = ${sourceId} and f.id < ${before}::uuid
      and (${kind ?? null}::text is null or f.kind = ${kind ?? null}) and (${code ?? null}::text is null or f.code = ${code ?? null})
    order by f.id desc limit ${limit + 1}`.execute(ctx.tx)
  const items = rows.map(({ item }) => ({
    item: JSON.stringify({ ...item, reason: findingWords[item.code][ctx.locale] }),
  }))
  return jsonPage(items, limit, ['id'])
}

/** Counts by hour. @throws AppError `not_found` */
export async function ratesOf(ctx: Context, sourceId: string, hours: number): Promise<JsonText> {
  await refuseForeign(ctx, sourceId)
  const { rows } = await sql<{ items: string }>`
    select json_build_object('items', coalesce(json_agg(json_build_object('hour', hour.at, 'accepted', coalesce(h.accepted, 0),
      'duplicated', coalesce(h.duplicated, 0), 'rejected', coalesce(h.rejected, 0), 'conflicting', coalesce(h.conflicting, 0))
      order by hour.at), '[]'))::text as items
    from generate_series(date_trunc('hour', ${ctx.now}::timestamptz) - make_interval(hours => ${hours - 1}::integer),
      date_trunc('hour', ${ctx.now}::timestamptz), interval '1 hour') as hour (at)
    left join source_hour h on h.tenant_id = ${ctx.tenantId} and h.source_id = ${sourceId} and h.hour = hour.at`.execute(
    ctx.tx,
  )
  return new JsonText(rows[0]!.items)
}

/** @throws AppError `not_found` */
export async function refuseForeign(ctx: Context, sourceId: string): Promise<void> {
  const { rows } = await sql`
    select 1 from source where tenant_id = ${ctx.tenantId} and id = ${sourceId}`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
}

/** Days for which raw events are kept. */
export async function retentionOf(ctx: Context, preset: number): Promise<number> {
  const { rows } = await sql<{ retention_days: number }>`
    select retention_days from ingest_state where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]?.retention_days ?? preset
}
