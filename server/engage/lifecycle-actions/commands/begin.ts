import { sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { tellAll } from './tell.ts'

export const runJob = 'lifecycle_actions.run'

/**
 * Writes down what is to be done for the moves of a moment, once for each, and begins: colleagues are told at once, the
 * others are jobs of their own, so that one that fails keeps no other.
 */
export async function beginActions(ctx: Context, at: string): Promise<void> {
  const { rows } = await sql<{ id: string; kind: string }>`
    insert into lifecycle_action (tenant_id, id, move_id, contact_id, place, kind, action, state, created_at, updated_at)
    select ${ctx.tenantId}::uuid, gen_random_uuid(), m.id, m.contact_id, each.place - 1, each.action ->> 'kind', each.action, 'waiting',
      ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
    from lifecycle_move m
    join lifecycle_stage s on s.tenant_id = ${ctx.tenantId} and s.id = m.to_stage and s.state = 'enabled'
    cross join lateral jsonb_array_elements(s.actions) with ordinality as each (action, place)
    where m.tenant_id = ${ctx.tenantId} and m.at = ${at}::timestamptz and m.acts
    on conflict (tenant_id, move_id, place) do nothing returning id, kind`.execute(ctx.tx)
  await tellAll(
    ctx,
    rows.filter(({ kind }) => kind === 'notify').map(({ id }) => id),
  )
  for (const { id, kind } of rows) if (kind !== 'notify') enqueue(ctx, { name: runJob, payload: { id } })
}
