import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { FactKind, Reader } from '../../../platform/context/vocabulary.ts'
import { joinByHash } from '../../../platform/db/join-plan.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { JsonText } from '../../../platform/http/implement.ts'
import type { StageAction } from '../contract/stages.ts'
import { unstagedLead } from './reach.ts'

export interface StoredStage {
  id: string
  key: string
  name_ja: string
  name_en: string
  position: number
  kind: 'open' | 'won' | 'lost'
  condition: Condition | null
  facts: FactKind[]
  actions: StageAction[]
  state: 'enabled' | 'paused'
}

/** The stages of a company in their order. */
export async function stagesOf(ctx: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredStage[]> {
  const { rows } = await sql<StoredStage>`
    select id, key, name_ja, name_en, position, kind, condition, facts, actions, state
    from lifecycle_stage where tenant_id = ${ctx.tenantId} order by position, id`.execute(ctx.tx)
  return rows
}

/**
 * The same, locked: whoever defines stages or moves leads goes one after the other, so that none is moved twice. It is
 * taken before contacts are locked.
 */
export async function lockStages(ctx: Context): Promise<StoredStage[]> {
  await sql`select id from lifecycle_stage where tenant_id = ${ctx.tenantId} order by id for no key update`.execute(
    ctx.tx,
  )
  return stagesOf(ctx)
}

/**
 * Stages as the contract's JSON (`item`), with who is in them (one pass over all leads for each figure).
 * @param only a condition on the stage `s`
 */
function stageItems(ctx: Context, only: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select s.position, s.id, json_build_object('id', s.id, 'key', s.key, 'nameJa', s.name_ja, 'nameEn', s.name_en, 'kind', s.kind,
      'condition', s.condition, 'actions', s.actions, 'state', s.state, 'position', s.position, 'leads', coalesce(placed.leads, 0),
      'entered30', coalesce(came.leads, 0), 'medianDays', stay.days, 'evaluatedAt', s.evaluated_at, 'fault', s.fault,
      'createdAt', s.created_at, 'updatedAt', s.updated_at) as item
    from lifecycle_stage s
    left join (
      select p.stage_id, count(*) as leads from lifecycle_position p
      join contact c on c.tenant_id = ${ctx.tenantId} and c.id = p.contact_id and c.merged_into is null
      where p.tenant_id = ${ctx.tenantId} group by p.stage_id) placed on placed.stage_id = s.id
    left join (
      select reached.id as stage_id, count(distinct m.contact_id) as leads
      from lifecycle_move m cross join lateral unnest(m.entered) reached (id)
      where m.tenant_id = ${ctx.tenantId} and m.at > ${ctx.now}::timestamptz - interval '30 days' group by reached.id) came on came.stage_id = s.id
    left join (
      select m.from_stage as stage_id, round((percentile_cont(0.5) within group (order by m.seconds_before) / 86400)::numeric, 1) as days
      from lifecycle_move m where m.tenant_id = ${ctx.tenantId} and m.at > ${ctx.now}::timestamptz - interval '90 days'
      group by m.from_stage) stay on stay.stage_id = s.id
    where s.tenant_id = ${ctx.tenantId} and ${only}`
}

/** The stages in their order with who is in them, and how many leads are in none. */
export async function listStages(ctx: Context): Promise<JsonText> {
  await joinByHash(ctx.tx, true)
  const { rows } = await sql<{ items: string; unstaged: number }>`
    select (select coalesce(json_agg(line.item order by line.position, line.id), '[]')::text from (${stageItems(ctx, sql`true`)}) line) as items,
      (select count(*)::int from contact c where c.tenant_id = ${ctx.tenantId} and ${unstagedLead(ctx)}) as unstaged`.execute(
    ctx.tx,
  )
  await joinByHash(ctx.tx, false)
  return new JsonText(`{"items":${rows[0]!.items},"unstaged":${rows[0]!.unstaged}}`)
}

/** @throws AppError `not_found` */
export async function getStage(ctx: Context, id: string): Promise<JsonText> {
  await joinByHash(ctx.tx, true)
  const { rows } = await sql<{ item: string }>`
    select line.item::text as item from (${stageItems(ctx, sql`s.id = ${id}`)}) line`.execute(ctx.tx)
  await joinByHash(ctx.tx, false)
  if (!rows[0]) throw notFound()
  return new JsonText(rows[0].item)
}

/** @throws AppError `not_found` */
export async function requireStage(ctx: Context, id: string): Promise<void> {
  const { rows } = await sql`select 1 from lifecycle_stage where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  if (rows.length === 0) throw notFound()
}
