import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { seal, unseal } from '../../../platform/secrets/box.ts'
import { newToken } from '../../../platform/secrets/token.ts'
import type { SourceKind } from '../contract/sources.ts'
import { standardRetention } from './store.ts'

/** Makes a source. @returns its id and its write key */
export async function createSource(
  ctx: Context,
  input: { name: string; kind: SourceKind; limitPerMinute?: number | null },
): Promise<{ id: string; writeKey: string }> {
  requirePermission(ctx, 'sources.manage')
  const id = uuidv7()
  const token = newToken('source', ctx.tenantId)
  await sql`
    insert into source (tenant_id, id, name, kind, key_hash, key_box, limit_per_minute, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.name}, ${input.kind}, ${token.hash}, ${boxed(ctx, id, token.text)},
      ${input.limitPerMinute ?? null}, ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  noted(ctx, id, 'source.created', { kind: input.kind })
  return { id, writeKey: token.text }
}

/** Changes what is given; `disabled` stops or allows sending from the next request on. @throws AppError `not_found` */
export async function updateSource(
  ctx: Context,
  id: string,
  input: { name?: string; limitPerMinute?: number | null; disabled?: boolean },
): Promise<void> {
  requirePermission(ctx, 'sources.manage')
  const { name, limitPerMinute, disabled } = input
  const { numAffectedRows } = await sql`
    update source set
      name = coalesce(${name ?? null}::text, name),
      limit_per_minute = case when ${limitPerMinute !== undefined} then ${limitPerMinute ?? null}::integer else limit_per_minute end,
      disabled_at = case ${disabled ?? null}::boolean when true then coalesce(disabled_at, ${ctx.now}::timestamptz)
        when false then null else disabled_at end,
      updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  noted(ctx, id, disabled === undefined ? 'source.updated' : disabled ? 'source.disabled' : 'source.enabled')
}

/** Gives a source another write key; the old one stops at once. @throws AppError `not_found` */
export async function rotateSourceKey(ctx: Context, id: string): Promise<{ writeKey: string }> {
  requirePermission(ctx, 'sources.manage')
  const token = newToken('source', ctx.tenantId)
  const { numAffectedRows } = await sql`
    update source set key_hash = ${token.hash}, key_box = ${boxed(ctx, id, token.text)}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  noted(ctx, id, 'source.key_rotated')
  return { writeKey: token.text }
}

/** Shows the write key again, to those who could replace it anyway. @throws AppError `not_found` */
export async function revealSourceKey(ctx: Context, id: string): Promise<{ writeKey: string }> {
  requirePermission(ctx, 'sources.manage')
  const { rows } = await sql<{ key_box: string }>`
    select key_box from source where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  record(ctx, { action: 'source.key_revealed', subject: { kind: 'source', id } })
  return { writeKey: unseal(ctx.installation.keyring, placeOf(ctx, id), rows[0].key_box) }
}

/** Sets for how many days raw events are kept; a shorter time removes the older ones tonight. */
export async function setRetention(ctx: Context, days: number): Promise<void> {
  requirePermission(ctx, 'sources.manage')
  const { rows } = await sql<{ before: number }>`
    select retention_days as before from ingest_state where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  await sql`
    insert into ingest_state (tenant_id, retention_days, updated_at) values (${ctx.tenantId}, ${days}, ${ctx.now})
    on conflict (tenant_id) do update set retention_days = excluded.retention_days, updated_at = excluded.updated_at`.execute(
    ctx.tx,
  )
  record(ctx, {
    action: 'ingest.retention_changed',
    subject: { kind: 'company', id: ctx.tenantId },
    details: { from: rows[0]?.before ?? standardRetention, to: days },
  })
}

function noted(ctx: Context, id: string, action: string, details: { kind?: SourceKind } = {}): void {
  record(ctx, { action, subject: { kind: 'source', id }, details })
  announce(ctx, { type: action, subject: { kind: 'source', id }, payload: {} })
}

function boxed(ctx: Context, id: string, text: string): string {
  return seal(ctx.installation.keyring, placeOf(ctx, id), text)
}

function placeOf(ctx: Context, id: string) {
  return { tenant: ctx.tenantId, table: 'source', column: 'key_box', row: id }
}
