import { type RawBuilder, sql } from 'kysely'
import { announce, type Context } from '../../../platform/context/context.ts'
import { lifecycleMoved } from '../events.ts'
import { entered, secondsSince, stagesAhead } from '../queries/passed.ts'

/**
 * Notes the stages that imports, programs and people wrote to contacts as moves, in one statement. Keys and names of
 * stages are known whatever their case; other words stay as they are and count as no stage. What a person or program
 * wrote to one contact has its actions carried out; what came with a file or a stream of messages has not, so that a
 * file of a thousand customers sends no thousand mails.
 */
export async function followWritten(
  ctx: Context,
  { only, acts }: { only: RawBuilder<unknown> | undefined; acts: boolean },
): Promise<void> {
  const { rows } = await sql<{ moves: number }>`
    with word as (
      select distinct on (word) word, stage_id from (
        select lower(key) as word, id as stage_id, 0 as place from lifecycle_stage where tenant_id = ${ctx.tenantId}
        union all select lower(name_ja), id, 1 from lifecycle_stage where tenant_id = ${ctx.tenantId}
        union all select lower(name_en), id, 2 from lifecycle_stage where tenant_id = ${ctx.tenantId}) words
      order by word, place, stage_id),
    written as materialized (
      select c.id as contact_id, c.lifecycle_stage as said, c.lead_score, p.stage_id as from_stage, p.since, word.stage_id as to_stage,
        c.field_times ->> 'lifecycleStage' as told
      from contact c
      left join lifecycle_position p on p.tenant_id = ${ctx.tenantId} and p.contact_id = c.id
      left join word on word.word = lower(btrim(c.lifecycle_stage))
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null ${only ? sql`and c.id in (${only})` : sql``}
        and word.stage_id is distinct from p.stage_id),
    named as (
      update contact c set lifecycle_stage = s.key from written w
      join lifecycle_stage s on s.tenant_id = ${ctx.tenantId} and s.id = w.to_stage
      where c.tenant_id = ${ctx.tenantId} and c.id = w.contact_id and c.lifecycle_stage = w.said and c.lifecycle_stage <> s.key
      returning 1),
    moved as (
      select w.*, there.key, there.position, there.kind, here.key as from_key,
        case when here.kind <> 'lost' then here.position end as from_position,
        (here.kind = 'lost' or there.id is null or there.position < here.position) as is_back,
        ${acts} and case when w.told ~ '^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z person$'
          then split_part(w.told, ' ', 1)::timestamptz >= greatest(w.since, there.created_at) else false end as acts
      from written w
      left join lifecycle_stage here on here.tenant_id = ${ctx.tenantId} and here.id = w.from_stage
      left join lifecycle_stage there on there.tenant_id = ${ctx.tenantId} and there.id = w.to_stage),
    noted as (
      insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, lead_score,
        seconds_before, entered, acts)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), contact_id, ${ctx.now}::timestamptz, from_stage, to_stage, from_key,
        coalesce(key, said), 'record', lead_score, ${secondsSince(ctx, sql`moved.since`, sql`moved.from_stage`)},
        ${entered(ctx)}, coalesce(acts, false)
      from moved returning 1),
    placed as (
      insert into lifecycle_position as known (tenant_id, contact_id, stage_id, since, blocked)
      select ${ctx.tenantId}::uuid, contact_id, to_stage, ${ctx.now}::timestamptz,
        case when is_back then ${stagesAhead(ctx, sql`moved.position`)} else '{}' end
      from moved
      on conflict (tenant_id, contact_id) do update set stage_id = excluded.stage_id, since = excluded.since, blocked = excluded.blocked
      returning 1)
    select count(*)::int as moves from noted`.execute(ctx.tx)
  const { moves } = rows[0]!
  if (moves > 0) announce(ctx, { type: lifecycleMoved, payload: { at: ctx.now.toISOString(), moves } })
}
