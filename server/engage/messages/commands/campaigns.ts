import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import type { CampaignGoal, CampaignState, NewCampaign } from '../contract/campaigns.ts'
import type { Audience } from '../contract/shapes.ts'
import { audienceOf } from '../queries/audience.ts'
import { messageSettings } from '../queries/stored.ts'
import { noteGoalBefore } from './goals.ts'
import { queueMessages, requireTopic, wakeSender } from './queue.ts'

/** The job that turns an audience into messages. */
export const prepareJob = 'messages.prepare'

interface Stored {
  id: string
  state: CampaignState
  audience: Audience
  goal: CampaignGoal | null
  templateId: string
  templateVersion: number | null
  topicId: string
  senderId: string | null
}

async function lockCampaign(ctx: Context, id: string): Promise<Stored> {
  const { rows } = await sql<Stored>`
    select id, state, audience, goal, template_id as "templateId", template_version as "templateVersion", topic_id as "topicId",
      sender_id as "senderId"
    from campaign where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0]
}

function refuseState(state: CampaignState, allowed: readonly CampaignState[]): void {
  if (allowed.includes(state)) return
  throw new AppError('conflict', {
    ja: '配信の状態が変わっているため、この操作はできません。画面を読み込み直してください。',
    en: `A campaign that is "${state}" does not allow this. Reload the page.`,
  })
}

async function checkParts(ctx: Context, input: Partial<NewCampaign>): Promise<void> {
  if (input.audience) await audienceOf(ctx, input.audience)
  if (input.goal) await matchingRecords(ctx, 'contact', input.goal.condition)
  if (input.topicId) await requireTopic(ctx, input.topicId)
  const exists = async (table: string, id: string) =>
    (
      await sql`select 1 from ${sql.table(table)} x where x.tenant_id = ${ctx.tenantId} and x.id = ${id}`.execute(
        ctx.tx,
      )
    ).rows.length > 0
  if (input.templateId) await requireTemplate(ctx, input.templateId)
  if (input.senderId && !(await exists('message_sender', input.senderId))) {
    throw invalidField('body.senderId', { ja: 'その送信元はありません。', en: 'There is no such sender.' })
  }
}

/** An archived template writes to nobody any more. @throws AppError `invalid_input` */
async function requireTemplate(ctx: Context, id: string): Promise<void> {
  const { rows } = await sql<{ state: string }>`
    select state from message_template where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (!rows[0]) {
    throw invalidField('body.templateId', { ja: 'そのテンプレートはありません。', en: 'There is no such template.' })
  }
  if (rows[0].state === 'active') return
  throw invalidField('body.templateId', {
    ja: 'このテンプレートはアーカイブされているため、配信に使えません。別のテンプレートを選択するか、テンプレートを元に戻してください。',
    en: 'This template is archived, so no campaign can use it. Choose another one, or restore it.',
  })
}

/** @returns its id. @throws AppError `invalid_input` */
export async function createCampaign(ctx: Context, input: NewCampaign): Promise<string> {
  requirePermission(ctx, 'messages.manage')
  await checkParts(ctx, input)
  const id = uuidv7()
  await sql`
    insert into campaign (tenant_id, id, name, template_id, topic_id, sender_id, audience, goal, state, created_by, created_at, updated_at)
    values (${ctx.tenantId}, ${id}, ${input.name}, ${input.templateId}, ${input.topicId}, ${input.senderId}::uuid,
      ${JSON.stringify(input.audience)}::jsonb, ${input.goal ? JSON.stringify(input.goal) : null}::jsonb, 'draft', ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now})`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'campaign.created', subject: { kind: 'campaign', id }, details: { name: input.name } })
  return id
}

/** @throws AppError `not_found`, `conflict` once it has started, `invalid_input` */
export async function updateCampaign(ctx: Context, id: string, input: Partial<NewCampaign>): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state } = await lockCampaign(ctx, id)
  refuseState(state, ['draft', 'scheduled', 'late'])
  await checkParts(ctx, input)
  await sql`
    update campaign set name = coalesce(${input.name ?? null}, name), template_id = coalesce(${input.templateId ?? null}::uuid, template_id),
      topic_id = coalesce(${input.topicId ?? null}::uuid, topic_id),
      sender_id = ${input.senderId === undefined ? sql`sender_id` : sql`${input.senderId}::uuid`},
      audience = coalesce(${input.audience ? JSON.stringify(input.audience) : null}::jsonb, audience),
      goal = ${input.goal === undefined ? sql`goal` : sql`${input.goal ? JSON.stringify(input.goal) : null}::jsonb`}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, {
    action: 'campaign.changed',
    subject: { kind: 'campaign', id },
    details: { fields: Object.keys(input) },
  })
}

/** @throws AppError `not_found`, `conflict` once it has started */
export async function deleteCampaign(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state } = await lockCampaign(ctx, id)
  refuseState(state, ['draft', 'scheduled', 'late'])
  await sql`delete from campaign where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'campaign.deleted', subject: { kind: 'campaign', id } })
}

/**
 * Sends now, or plans it. What was late and waits for an answer goes out by this, too.
 * @throws AppError `not_found`, `conflict`, `invalid_input` for a template that is archived by now
 */
export async function startCampaign(ctx: Context, id: string, at: Date | undefined): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state, templateId } = await lockCampaign(ctx, id)
  refuseState(state, ['draft', 'scheduled', 'late'])
  await requireTemplate(ctx, templateId)
  if (at && at > ctx.now) await setState(ctx, id, 'scheduled', at)
  else await prepare(ctx, id)
  record(ctx, {
    action: at && at > ctx.now ? 'campaign.scheduled' : 'campaign.started',
    subject: { kind: 'campaign', id },
    ...(at && { details: { at: at.toISOString() } }),
  })
}

/** @throws AppError `not_found`, `conflict` */
export async function pauseCampaign(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state } = await lockCampaign(ctx, id)
  refuseState(state, ['sending', 'scheduled'])
  await setState(ctx, id, state === 'scheduled' ? 'draft' : 'paused')
  record(ctx, { action: 'campaign.paused', subject: { kind: 'campaign', id } })
}

/** @throws AppError `not_found`, `conflict` */
export async function resumeCampaign(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state } = await lockCampaign(ctx, id)
  refuseState(state, ['paused'])
  await setState(ctx, id, 'sending')
  wakeSender(ctx)
  record(ctx, { action: 'campaign.resumed', subject: { kind: 'campaign', id } })
}

/** Who has got nothing yet gets nothing; what a server is being told at this moment goes out. @throws AppError `not_found`, `conflict` */
export async function cancelCampaign(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'messages.manage')
  const { state } = await lockCampaign(ctx, id)
  refuseState(state, ['preparing', 'sending', 'paused', 'scheduled', 'late'])
  await sql`
    update message set state = 'suppressed', reason = 'cancelled', lease_until = null, variables = '{}', updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and source_kind = 'campaign' and source_id = ${id} and state = 'pending'`.execute(
    ctx.tx,
  )
  await setState(ctx, id, 'cancelled')
  record(ctx, { action: 'campaign.cancelled', subject: { kind: 'campaign', id } })
}

async function setState(ctx: Context, id: string, state: CampaignState, at?: Date): Promise<void> {
  await sql`
    update campaign set state = ${state}, hold = null, updated_at = ${ctx.now},
      scheduled_at = ${at ? sql`${at}::timestamptz` : sql`scheduled_at`},
      finished_at = ${state === 'cancelled' ? sql`${ctx.now}::timestamptz` : sql`finished_at`}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
}

/** From here on the version is fixed; a job finds the recipients. */
async function prepare(ctx: Context, id: string): Promise<void> {
  await sql`
    update campaign k set state = 'preparing', hold = null, fault = null, started_at = ${ctx.now}, updated_at = ${ctx.now},
      template_version = (select t.version from message_template t where t.tenant_id = ${ctx.tenantId} and t.id = k.template_id)
    where k.tenant_id = ${ctx.tenantId} and k.id = ${id}`.execute(ctx.tx)
  enqueue(ctx, { name: prepareJob, payload: { campaignId: id } })
}

/** Turns the audience into messages, whole or not at all, and has them sent. */
export async function prepareCampaign(ctx: Context, id: string): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  if (campaign.state !== 'preparing') return
  try {
    // Both before anything is written: what a condition names may be gone by now.
    await checkParts(ctx, { goal: campaign.goal, templateId: campaign.templateId })
    const ids = await audienceOf(ctx, campaign.audience)
    const { rows } = await sql<{ id: string }>`
      select distinct c.id from contact c where c.tenant_id = ${ctx.tenantId} and c.id in (${ids}) order by c.id`.execute(
      ctx.tx,
    )
    await queueMessages(ctx, {
      templateId: campaign.templateId,
      ...(campaign.templateVersion !== null && { version: campaign.templateVersion }),
      topic: campaign.topicId,
      senderId: campaign.senderId,
      recipients: rows.map(row => ({ contactId: row.id, key: `campaign:${id}:${row.id}` })),
      source: { kind: 'campaign', id },
    })
    if (campaign.goal) await noteGoalBefore(ctx, id, campaign.goal)
  } catch (error) {
    // A segment or field that is gone by now: a person mends the audience.
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
    await sql`
      update campaign set state = 'draft', fault = ${error.words[ctx.locale]}, updated_at = ${ctx.now}
      where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
    return
  }
  await setState(ctx, id, 'sending')
  wakeSender(ctx)
  announce(ctx, { type: 'campaign.started', subject: { kind: 'campaign', id }, payload: {} })
}

/**
 * Starts what is due. What should have gone out hours ago asks instead: nobody wants last night's offer because a server
 * was off, or twice because a backup was restored.
 */
export async function startDueCampaigns(ctx: Context): Promise<void> {
  const { lateHours } = await messageSettings(ctx)
  const { rows } = await sql<{ id: string; late: boolean }>`
    select id, scheduled_at < ${ctx.now}::timestamptz - make_interval(hours => ${lateHours}) as late from campaign
    where tenant_id = ${ctx.tenantId} and state = 'scheduled' and scheduled_at <= ${ctx.now} order by scheduled_at, id for update`.execute(
    ctx.tx,
  )
  for (const { id, late } of rows) {
    if (!late) {
      await prepare(ctx, id)
      continue
    }
    await setState(ctx, id, 'late')
    announce(ctx, { type: 'campaign.late', subject: { kind: 'campaign', id }, payload: {} })
    record(ctx, { action: 'campaign.held', subject: { kind: 'campaign', id }, details: { reason: 'late' } })
  }
}
