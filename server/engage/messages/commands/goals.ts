import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import type { CampaignGoal } from '../contract/campaigns.ts'

interface Measured {
  id: string
  goal: CampaignGoal
}

/** Campaigns are looked at so long after their start (days): the longest window, and 72 hours of trying. */
const longest = 95

/**
 * Marks the messages of campaigns that led to their goal (EML-3): the recipient meets the condition now, did not before
 * the message was sent, and the message was taken by its server no more than so many days ago. One statement a campaign.
 */
export async function markCampaignGoals(ctx: Context): Promise<void> {
  const { rows } = await sql<Measured>`
    select k.id, k.goal from campaign k
    where k.tenant_id = ${ctx.tenantId} and k.goal is not null and k.started_at > ${ctx.now}::timestamptz - make_interval(days => ${longest}::int)
      and coalesce(k.finished_at, ${ctx.now}) > ${ctx.now}::timestamptz - make_interval(days => (k.goal ->> 'withinDays')::int)
    order by k.id`.execute(ctx.tx)
  for (const { id, goal } of rows) {
    const open = sql`m.source_kind = 'campaign' and m.source_id = ${id} and m.state = 'accepted' and m.converted_at is null
      and not m.goal_before and m.accepted_at > ${ctx.now}::timestamptz - make_interval(days => ${goal.withinDays}::int)`
    try {
      const matching = await matchingRecords(
        ctx,
        'contact',
        goal.condition,
        sql`select m.contact_id from message m where m.tenant_id = ${ctx.tenantId} and ${open}`,
      )
      await sql`
        update message m set converted_at = ${ctx.now}, updated_at = ${ctx.now}
        where m.tenant_id = ${ctx.tenantId} and ${open} and m.contact_id in (${matching})`.execute(ctx.tx)
    } catch (error) {
      // What the condition names is gone: the campaign says so, the others are measured.
      if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
      await sql`update campaign set fault = ${error.words[ctx.locale]} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
        ctx.tx,
      )
    }
  }
}

/** Notes who of a campaign's recipients meets its goal already, before anything is sent. */
export async function noteGoalBefore(ctx: Context, id: string, goal: CampaignGoal): Promise<void> {
  const own = sql`m.source_kind = 'campaign' and m.source_id = ${id}`
  const matching = await matchingRecords(
    ctx,
    'contact',
    goal.condition,
    sql`select m.contact_id from message m where m.tenant_id = ${ctx.tenantId} and ${own}`,
  )
  await sql`
    update message m set goal_before = true
    where m.tenant_id = ${ctx.tenantId} and ${own} and m.contact_id in (${matching})`.execute(ctx.tx)
}
