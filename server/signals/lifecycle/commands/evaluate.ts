import { type RawBuilder, sql } from 'kysely'
import { conditionNeeds } from '../../../catalog/conditions/needs.ts'
import { noteContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { FactKind } from '../../../platform/context/vocabulary.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { lifecycleMoved } from '../events.ts'
import { candidates, meetingAny, type Target } from '../queries/matching.ts'
import { entered, secondsSince } from '../queries/passed.ts'
import { lockStages, type StoredStage } from '../queries/stages.ts'
import { followWritten } from './written.ts'

/** What changed since the rules were looked at; left out: anything may have. */
export interface Change {
  facts?: readonly FactKind[]
  /** A segment whose members changed. */
  segment?: string
  /** A statement of the contacts concerned; left out: all of them. */
  only?: RawBuilder<unknown>
  /** The stages themselves changed: whether actions are carried out for who is moved by that. */
  acts?: boolean
}

/**
 * Notes stages that were written to contacts past the log, then moves everybody who meets the condition of a stage ahead
 * of theirs to the furthest of these: one statement for any number of leads.
 * @returns how many rules moved
 */
export async function evaluateStages(
  ctx: Context,
  { facts, segment, only, acts = true }: Change = {},
): Promise<number> {
  const stages = await lockStages(ctx)
  if (stages.length === 0) return 0
  await joinByHash(ctx.tx, only === undefined)
  await followWritten(ctx, { only, acts })
  const targets = stages.filter(stage => isTouched(stage, facts, segment)) as (StoredStage & Target)[]
  if (targets.length === 0) return leave(ctx, 0)
  const faults = new Map<string, string>()
  const meeting = await meetingAny(ctx, targets, ({ id }, error) => faults.set(id, error.words[ctx.locale]), only)
  const moved = meeting ? await moveMeeting(ctx, meeting, { only, acts }) : []
  await sql`
    update lifecycle_stage s set fault = line.fault, evaluated_at = case when line.fault is null then ${ctx.now}::timestamptz else s.evaluated_at end
    from jsonb_to_recordset(${JSON.stringify(targets.map(({ id }) => ({ id, fault: faults.get(id) ?? null })))}::jsonb) as line (id uuid, fault text)
    where s.tenant_id = ${ctx.tenantId} and s.id = line.id and (${only === undefined} or s.fault is distinct from line.fault)`.execute(
    ctx.tx,
  )
  if (moved.length === 0) return leave(ctx, 0)
  await noteContacts(
    ctx,
    moved.map(id => ({ id, values: { lifecycleStage: null } })),
  )
  announce(ctx, { type: lifecycleMoved, payload: { at: ctx.now.toISOString(), moves: moved.length } })
  return leave(ctx, moved.length)
}

async function leave(ctx: Context, moved: number): Promise<number> {
  await joinByHash(ctx.tx, false)
  return moved
}

function isTouched({ state, condition, facts }: StoredStage, changed?: readonly FactKind[], segment?: string): boolean {
  if (state !== 'enabled' || condition === null) return false
  if (segment !== undefined) return conditionNeeds(condition, 'contact').segments.includes(segment)
  return changed === undefined || facts.some(kind => changed.includes(kind))
}

/** @returns the contacts that were moved */
async function moveMeeting(
  ctx: Context,
  { stages, statement }: { stages: string[]; statement: RawBuilder<unknown> },
  { only, acts }: { only: RawBuilder<unknown> | undefined; acts: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ contact_id: string }>`
    with meeting as materialized (${statement}),
    candidate as materialized (${candidates(ctx)}),
    -- Whoever is changed by somebody else at this moment is looked at as they are afterwards.
    locked as materialized (
      select c.id from candidate k join contact c on c.tenant_id = ${ctx.tenantId} and c.id = k.contact_id
      where c.lifecycle_stage is not distinct from k.was order by c.id for no key update of c),
    moved as (
      update contact c set lifecycle_stage = s.key, updated_at = ${ctx.now},
        field_times = c.field_times || jsonb_build_object('lifecycleStage', ${`${ctx.now.toISOString()} lifecycle`}::text)
      from locked, candidate k, lifecycle_stage s
      where c.tenant_id = ${ctx.tenantId} and c.id = locked.id and k.contact_id = locked.id
        and s.tenant_id = ${ctx.tenantId} and s.id = k.stage_id
      returning c.id as contact_id, c.lead_score, k.was, k.from_stage, k.from_position, k.since, s.id as to_stage, s.key, s.position,
        s.kind, s.condition),
    noted as (
      insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, condition, lead_score,
        seconds_before, entered, acts)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), contact_id, ${ctx.now}::timestamptz, from_stage, to_stage, was, key, 'rule',
        condition, lead_score, ${secondsSince(ctx, sql`moved.since`, sql`moved.from_stage`)}, ${entered(ctx)}, ${acts}
      from moved returning 1),
    placed as (
      insert into lifecycle_position as known (tenant_id, contact_id, stage_id, since)
      select ${ctx.tenantId}::uuid, contact_id, to_stage, ${ctx.now}::timestamptz from moved
      on conflict (tenant_id, contact_id) do update set stage_id = excluded.stage_id, since = excluded.since returning 1),
    -- Who was taken back may be moved again once the condition has not held.
    freed as (
      update lifecycle_position p set blocked = array(
        select each from unnest(p.blocked) each where each <> all(${stages}::uuid[])
          or exists (select 1 from meeting m where m.contact_id = p.contact_id and m.stage_id = each))
      where p.tenant_id = ${ctx.tenantId} and p.blocked && ${stages}::uuid[] ${only ? sql`and p.contact_id in (${only})` : sql``}
        and not exists (select 1 from moved where moved.contact_id = p.contact_id)
        and exists (select 1 from unnest(p.blocked) each where each = any(${stages}::uuid[])
          and not exists (select 1 from meeting m where m.contact_id = p.contact_id and m.stage_id = each))
      returning 1)
    select contact_id from moved`.execute(ctx.tx)
  return rows.map(row => row.contact_id)
}
