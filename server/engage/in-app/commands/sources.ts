import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { seal, unseal } from '../../../platform/secrets/box.ts'
import type { InAppMode } from '../contract/sources.ts'

/** Says whether a source may show messages, and to whom. @throws AppError `not_found` */
export async function changeInAppSource(ctx: Context, sourceId: string, mode: InAppMode): Promise<void> {
  requirePermission(ctx, 'sources.manage')
  await keep(ctx, sourceId, mode, newSecret(), false)
  record(ctx, { action: 'in_app_source.changed', subject: { kind: 'source', id: sourceId }, details: { mode } })
}

/**
 * The secret with which the product signs ids of users; a source that had none gets one.
 * @param replace another one: signatures by the old one stop at once
 * @throws AppError `not_found`
 */
export async function revealInAppSecret(ctx: Context, sourceId: string, replace: boolean): Promise<{ secret: string }> {
  requirePermission(ctx, 'sources.manage')
  await keep(ctx, sourceId, null, newSecret(), replace)
  const { rows } = await sql<{ box: string }>`
    select secret_box as box from in_app_source where tenant_id = ${ctx.tenantId} and source_id = ${sourceId}`.execute(
    ctx.tx,
  )
  const action = replace ? 'in_app_source.secret_replaced' : 'in_app_source.secret_revealed'
  record(ctx, { action, subject: { kind: 'source', id: sourceId } })
  return { secret: openSecret(ctx, sourceId, rows[0]!.box) }
}

/** The secret of a source, from its box. */
export function openSecret(ctx: Context, sourceId: string, box: string): string {
  return unseal(ctx.installation.keyring, placeOf(ctx, sourceId), box)
}

async function keep(
  ctx: Context,
  sourceId: string,
  mode: InAppMode | null,
  secret: string,
  replace: boolean,
): Promise<void> {
  const box = seal(ctx.installation.keyring, placeOf(ctx, sourceId), secret)
  const { rows } = await sql`
    insert into in_app_source as known (tenant_id, source_id, mode, secret_box, updated_at)
    select ${ctx.tenantId}, s.id, coalesce(${mode}::text, 'off'), ${box}, ${ctx.now} from source s
    where s.tenant_id = ${ctx.tenantId} and s.id = ${sourceId}
    on conflict (tenant_id, source_id) do update set mode = coalesce(${mode}::text, known.mode),
      secret_box = case when ${replace} then excluded.secret_box else known.secret_box end, updated_at = excluded.updated_at
    returning 1`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
}

function newSecret(): string {
  return randomBytes(32).toString('hex')
}

function placeOf(ctx: Context, sourceId: string) {
  return { tenant: ctx.tenantId, table: 'in_app_source', column: 'secret_box', row: sourceId }
}
