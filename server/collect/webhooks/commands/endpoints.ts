import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { seal } from '../../../platform/secrets/box.ts'
import { endpointPath } from '../path.ts'
import { secretPlace } from './receive.ts'

/** Makes an endpoint with its first secret. */
export async function createEndpoint(
  ctx: Context,
  input: { name: string },
): Promise<{ id: string; path: string; secret: string }> {
  requirePermission(ctx, 'sources.manage')
  const id = uuidv7()
  await sql`
    insert into webhook_endpoint (tenant_id, id, name, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.name}, ${ctx.now}, ${ctx.now})`.execute(ctx.tx)
  const secret = await addSecret(ctx, id)
  record(ctx, { action: 'webhook.created', subject: { kind: 'webhook_endpoint', id } })
  return { id, path: endpointPath(ctx.tenantId, id), secret }
}

/** @throws AppError `not_found` */
export async function updateEndpoint(
  ctx: Context,
  id: string,
  { name, disabled }: { name?: string; disabled?: boolean },
): Promise<void> {
  requirePermission(ctx, 'sources.manage')
  const { numAffectedRows } = await sql`
    update webhook_endpoint set name = coalesce(${name ?? null}::text, name),
      disabled_at = case ${disabled ?? null}::boolean when true then coalesce(disabled_at, ${ctx.now}::timestamptz)
        when false then null else disabled_at end,
      updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  const action = disabled === undefined ? 'webhook.updated' : disabled ? 'webhook.disabled' : 'webhook.enabled'
  record(ctx, { action, subject: { kind: 'webhook_endpoint', id } })
}

/** Adds a secret; the others hold for some hours more, so that the sender can change over. @throws AppError `not_found` */
export async function rotateSecret(ctx: Context, id: string, keepHours: number): Promise<{ secret: string }> {
  requirePermission(ctx, 'sources.manage')
  const { rows } = await sql`
    select 1 from webhook_endpoint where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  const until = new Date(ctx.now.getTime() + keepHours * 3_600_000)
  await sql`
    update webhook_secret set expires_at = least(expires_at, ${until}::timestamptz)
    where tenant_id = ${ctx.tenantId} and endpoint_id = ${id}`.execute(ctx.tx)
  await sql`
    delete from webhook_secret where tenant_id = ${ctx.tenantId} and endpoint_id = ${id} and expires_at <= ${ctx.now}`.execute(
    ctx.tx,
  )
  const secret = await addSecret(ctx, id)
  record(ctx, { action: 'webhook.secret_rotated', subject: { kind: 'webhook_endpoint', id } })
  return { secret }
}

async function addSecret(ctx: Context, endpointId: string): Promise<string> {
  const id = uuidv7()
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  await sql`
    insert into webhook_secret (tenant_id, id, endpoint_id, box, created_at)
    values (${ctx.tenantId}, ${id}, ${endpointId}, ${seal(ctx.installation.keyring, secretPlace(ctx, id), secret)}, ${ctx.now})`.execute(
    ctx.tx,
  )
  return secret
}
