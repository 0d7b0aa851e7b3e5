import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { lockStages } from '../queries/stages.ts'

/** A move of the past, without what stands between it and the one before. */
export interface PastMove {
  contactId: string
  at: Date
  /** The stage's key. */
  to: string
  cause: 'rule' | 'person'
  actorId: string | null
  reason: string | null
}

/**
 * Writes how leads came to where they are, for what is older than its account here: the moves of each contact in their
 * order, and where it stands after the last. Actions are not carried out.
 */
export async function writeHistories(ctx: Context, moves: readonly PastMove[]): Promise<void> {
  const stages = new Map((await lockStages(ctx)).map(stage => [stage.key, stage]))
  const lines = [...Map.groupBy(moves, ({ contactId }) => contactId).values()].flatMap(own =>
    own.map((move, place) => {
      const to = stages.get(move.to)!
      const before = own[place - 1]
      const from = before && stages.get(before.to)
      return {
        contact: move.contactId,
        at: move.at,
        from_stage: from?.id ?? null,
        from_key: from?.key ?? null,
        to_stage: to.id,
        to_key: to.key,
        cause: move.cause,
        actor: move.actorId,
        reason: move.reason,
        condition: move.cause === 'rule' ? to.condition : null,
        seconds: before ? Math.round((move.at.getTime() - before.at.getTime()) / 1_000) : null,
        is_last: place === own.length - 1,
      }
    }),
  )
  await sql`
    with line as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (contact uuid, at timestamptz, from_stage uuid, from_key text,
        to_stage uuid, to_key text, cause text, actor uuid, reason text, condition jsonb, seconds bigint, is_last boolean)),
    noted as (
      insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, actor_id, reason, condition,
        seconds_before, entered, acts)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), contact, at, from_stage, to_stage, from_key, to_key, cause, actor, reason, condition,
        seconds, array[to_stage], false
      from line returning 1),
    placed as (
      insert into lifecycle_position (tenant_id, contact_id, stage_id, since)
      select ${ctx.tenantId}::uuid, contact, to_stage, at from line where is_last
      on conflict (tenant_id, contact_id) do update set stage_id = excluded.stage_id, since = excluded.since returning 1)
    update contact c set lifecycle_stage = line.to_key from line
    where line.is_last and c.tenant_id = ${ctx.tenantId} and c.id = line.contact`.execute(ctx.tx)
}
