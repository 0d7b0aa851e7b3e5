import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { lockContact } from '../../../customers/contacts/commands/contact.ts'
import { updateContacts } from '../../../customers/contacts/commands/save.ts'
import { announce, type Context, permissionScope, record } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { lifecycleMoved } from '../events.ts'
import { entered, secondsSince, stagesAhead } from '../queries/passed.ts'
import { lockStages, type StoredStage } from '../queries/stages.ts'
import { followWritten } from './written.ts'

/**
 * Moves a contact by hand. Rules do not take back who was moved back, until their condition has not held once.
 * @param wish the stage's key; back and to a lost stage with a reason
 * @returns the move's id
 * @throws AppError `not_found`, `forbidden`, `invalid_input` for a stage that there is not or that it is in, or a missing reason
 */
export async function moveContact(
  ctx: Context,
  id: string,
  wish: { stage: string; reason: string | null },
): Promise<string> {
  const stages = await lockStages(ctx)
  await lockForMove(ctx, id)
  const target = stages.find(({ key }) => key === wish.stage)
  if (!target) {
    throw invalidField('body.stage', {
      ja: `キー「${wish.stage}」のステージはありません。ステージの一覧にあるキーを指定してください。`,
      en: `There is no stage with the key "${wish.stage}". Give a key of the list of stages.`,
    })
  }
  await followWritten(ctx, { only: sql`select ${id}::uuid`, acts: true })
  const from = await stageOf(ctx, id, stages)
  if (from?.id === target.id) {
    throw invalidField('body.stage', {
      ja: `すでに「${target.name_ja}」にいます。別のステージを指定してください。`,
      en: `It is in "${target.name_en}" already. Choose another stage.`,
    })
  }
  const isBack = from !== undefined && (from.kind === 'lost' || target.position < from.position)
  if (wish.reason === null && (isBack || target.kind === 'lost')) {
    throw invalidField('body.reason', {
      ja: '前のステージに戻すときと失注にするときは、理由を入力してください。',
      en: 'Give a reason for moving it back or calling it lost.',
    })
  }
  const moveId = uuidv7()
  const fromPosition = from && from.kind !== 'lost' ? from.position : null
  const actor = ctx.actor.kind === 'member' ? ctx.actor.id : null
  await sql`
    with moved as (
      select c.id as contact_id, c.lifecycle_stage as was, c.lead_score, ${from?.id ?? null}::uuid as from_stage,
        ${fromPosition}::int as from_position, ${target.id}::uuid as to_stage, ${target.position}::int as position, ${target.kind}::text as kind,
        p.since
      from contact c left join lifecycle_position p on p.tenant_id = ${ctx.tenantId} and p.contact_id = c.id
      where c.tenant_id = ${ctx.tenantId} and c.id = ${id}),
    noted as (
      insert into lifecycle_move (tenant_id, id, contact_id, at, from_stage, to_stage, from_key, to_key, cause, actor_id, reason, lead_score,
        seconds_before, entered, acts)
      select ${ctx.tenantId}::uuid, ${moveId}::uuid, contact_id, ${ctx.now}::timestamptz, from_stage, to_stage, was, ${target.key}, 'person',
        ${actor}::uuid, ${wish.reason}, lead_score, ${secondsSince(ctx, sql`moved.since`, sql`moved.from_stage`)}, ${entered(ctx)},
        ${target.state === 'enabled'}
      from moved returning 1)
    insert into lifecycle_position (tenant_id, contact_id, stage_id, since, blocked)
    select ${ctx.tenantId}::uuid, contact_id, to_stage, ${ctx.now}::timestamptz,
      case when ${isBack} then ${stagesAhead(ctx, sql`moved.position`)} else '{}' end
    from moved
    on conflict (tenant_id, contact_id) do update set stage_id = excluded.stage_id, since = excluded.since, blocked = excluded.blocked`.execute(
    ctx.tx,
  )
  const fieldTimes = { lifecycleStage: `${ctx.now.toISOString()} person` }
  await updateContacts(ctx, [{ id, values: { lifecycleStage: target.key, fieldTimes } }])
  const subject = { kind: 'contact', id }
  record(ctx, { action: 'contact.stage_moved', subject, details: { from: from?.key ?? null, to: target.key } })
  announce(ctx, { type: lifecycleMoved, subject, payload: { at: ctx.now.toISOString(), moves: 1 } })
  return moveId
}

/** Locks a contact whose stage the actor may change; who looks after leads may move those that belong to no customer. */
async function lockForMove(ctx: Context, id: string): Promise<void> {
  if (permissionScope(ctx.actor, 'leads.manage')) {
    const { rows } = await sql`
      select 1 from contact k where k.tenant_id = ${ctx.tenantId} and k.id = ${id} and k.merged_into is null
        and k.customer_id is null for update of k`.execute(ctx.tx)
    if (rows.length > 0) return
  }
  await lockContact(ctx, id)
}

async function stageOf(ctx: Context, id: string, stages: readonly StoredStage[]): Promise<StoredStage | undefined> {
  const { rows } = await sql<{ stage_id: string | null }>`
    select stage_id from lifecycle_position where tenant_id = ${ctx.tenantId} and contact_id = ${id}`.execute(ctx.tx)
  return stages.find(stage => stage.id === rows[0]?.stage_id)
}
