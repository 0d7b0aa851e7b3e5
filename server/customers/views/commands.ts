import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, permissionScope, record, requirePermission } from '../../platform/context/context.ts'
import { forbidden, notFound } from '../../platform/errors/app-error.ts'
import type { createView as create, updateView as update } from './contract.ts'

/** Most views a person keeps. */
const mostViews = 200

/** Saves what a screen shows under a name. Only a member has views of their own. */
export async function createView(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'customers.read')
  if (ctx.actor.kind !== 'member') throw forbidden('customers.read')
  const id = uuidv7()
  const { numAffectedRows } = await sql`
    insert into saved_view (tenant_id, id, screen, name, owner_id, shared, definition, created_at, updated_at)
    select ${ctx.tenantId}, ${id}, ${input.screen}, ${input.name}, ${ctx.actor.id}, ${input.shared},
      ${JSON.stringify(input.definition)}::jsonb, ${ctx.now}, ${ctx.now}
    where (select count(*) from saved_view v where v.tenant_id = ${ctx.tenantId} and v.owner_id = ${ctx.actor.id}) < ${mostViews}
    on conflict do nothing`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw forbidden('customers.read')
  note(ctx, 'view.created', id)
  return id
}

/** Changes one's own view. @throws AppError `not_found`, also for somebody else's */
export async function updateView(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  requirePermission(ctx, 'customers.read')
  const { numAffectedRows } = await sql`
    update saved_view set name = coalesce(${input.name ?? null}, name), shared = coalesce(${input.shared ?? null}, shared),
      definition = coalesce(${input.definition ? JSON.stringify(input.definition) : null}::jsonb, definition), updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and owner_id = ${ctx.actor.id ?? null}::uuid`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  note(ctx, 'view.changed', id)
}

/** Deletes one's own view; who manages the company may delete any shared one. */
export async function deleteView(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'customers.read')
  const manages = permissionScope(ctx.actor, 'company.manage') === 'all'
  const { numAffectedRows } = await sql`
    delete from saved_view where tenant_id = ${ctx.tenantId} and id = ${id}
      and (owner_id = ${ctx.actor.id ?? null}::uuid or (shared and ${manages}))`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  note(ctx, 'view.deleted', id)
}

function note(ctx: Context, action: string, id: string): void {
  record(ctx, { action, subject: { kind: 'view', id } })
  announce(ctx, { type: action, subject: { kind: 'view', id }, payload: {} })
}
