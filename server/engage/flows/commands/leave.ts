import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import { markConverted } from '../../messages/commands/track.ts'
import type { FlowDocument } from '../contract/document.ts'
import { enrolmentKey, type FlowReason } from '../steps/definition.ts'

/**
 * Ends enrolments where they are, with a line in their log; what they have asked for is withdrawn, and what they would send or
 * show is neither sent nor shown any more.
 * @param which a condition on enrolments `e` that are on their way
 * @returns how many
 */
export async function endEnrolments(ctx: Context, which: RawBuilder<unknown>, reason: FlowReason): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with chosen as materialized (
      select e.* from flow_enrolment e
      where e.tenant_id = ${ctx.tenantId} and e.state in ('active', 'paused', 'failed') and ${which} for update of e),
    ended as (
      update flow_enrolment e set state = 'ended', ended_at = ${ctx.now}, reason = ${reason}, due_at = null, waits_for = null
      from chosen where e.tenant_id = ${ctx.tenantId} and e.id = chosen.id returning e.id),
    noted as (
      insert into flow_step_run (tenant_id, enrolment_id, visit, flow_id, version, step, kind, arrived_at, at, outcome, reason)
      select ${ctx.tenantId}::uuid, c.id, c.visit, c.flow_id, c.version, c.step, 'end', c.arrived_at, ${ctx.now}::timestamptz, 'ended', ${reason}
      from chosen c where c.step is not null on conflict do nothing returning 1),
    withdrawn as (
      update flow_request r set state = 'withdrawn' from chosen
      where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = chosen.id and r.state = 'waiting' returning 1),
    unsent as (
      update message m set state = 'suppressed', reason = 'cancelled', lease_until = null, variables = '{}', updated_at = ${ctx.now}
      from chosen where m.tenant_id = ${ctx.tenantId} and m.source_kind = 'flow' and m.source_id = chosen.flow_id and m.state = 'pending'
        and m.key >= 'flow:' || chosen.id || ':' and m.key < 'flow:' || chosen.id || ';' returning 1),
    taken_down as (
      update in_app_delivery d set withdrawn_at = ${ctx.now}
      from chosen where d.tenant_id = ${ctx.tenantId} and d.source_kind = 'flow' and d.source_id = chosen.flow_id and d.withdrawn_at is null
        and d.key >= 'flow:' || chosen.id || ':' and d.key < 'flow:' || chosen.id || ';' returning 1)
    select count(*)::int as count from ended`.execute(ctx.tx)
  return rows[0]!.count
}

/**
 * Writes down who has reached the goal, of both arms, by the version in which they are; also while a flow is paused, and
 * after it was archived, so that a result is whole. Who is on the way leaves the flow where the goal ends it. Held-out ones
 * whose time is over are let go, so that they can be compared again.
 */
export async function followGoals(ctx: Context): Promise<void> {
  for (const { flow, version, document } of await openVersions(ctx)) {
    const { goal } = document
    const own = sql`e.flow_id = ${flow} and e.version = ${version}`
    if (goal) {
      const open = sql`${own} and e.goal_at is null and e.entered_at > ${ctx.now}::timestamptz - make_interval(days => ${goal.withinDays}::int)`
      const matching = await goalMatching(ctx, document, open)
      if (!matching) continue
      await sql`
        update flow_enrolment e set goal_at = ${ctx.now} where e.tenant_id = ${ctx.tenantId} and ${open} and e.subject_id in (${matching})`.execute(
        ctx.tx,
      )
      if (document.steps.some(({ kind }) => kind === 'email')) await creditMessages(ctx, flow)
      if (goal.ends) await endEnrolments(ctx, sql`${own} and e.goal_at is not null`, 'goal')
    }
    const days = goal?.withinDays ?? 30
    await sql`
      update flow_enrolment e set state = 'ended', ended_at = ${ctx.now}, reason = 'holdout'
      where e.tenant_id = ${ctx.tenantId} and ${own} and e.state = 'holdout'
        and e.entered_at <= ${ctx.now}::timestamptz - make_interval(days => ${days}::int)`.execute(ctx.tx)
  }
}

/** Versions whose goal somebody may still reach, or in which somebody is still held out. */
async function openVersions(ctx: Context): Promise<{ flow: string; version: number; document: FlowDocument }[]> {
  const { rows } = await sql<{ flow: string; version: number; document: FlowDocument }>`
    select v.flow_id as flow, v.number as version, v.document from flow_version v
    where v.tenant_id = ${ctx.tenantId} and exists (
      select 1 from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = v.flow_id and e.version = v.number
        and (e.state = 'holdout' or e.goal_at is null
          and e.entered_at > ${ctx.now}::timestamptz - make_interval(days => coalesce((v.document #>> '{goal,withinDays}')::int, 0))))
    order by v.flow_id, v.number`.execute(ctx.tx)
  return rows
}

/** Whose goal is reached; undefined where what it names is gone, which the flow's triggers tell. */
async function goalMatching(ctx: Context, { subject, goal }: FlowDocument, open: RawBuilder<unknown>) {
  try {
    return await matchingRecords(
      ctx,
      subject,
      goal!.condition,
      sql`select e.subject_id from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and ${open}`,
    )
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
    return undefined
  }
}

/** What was sent to those who reached the goal lately counts as having led to it. */
async function creditMessages(ctx: Context, flowId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select e.id from flow_enrolment e
    where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId} and e.goal_at >= e.entered_at
      and e.goal_at > ${ctx.now}::timestamptz - interval '1 day'`.execute(ctx.tx)
  await markConverted(
    ctx,
    rows.map(({ id }) => `flow:${enrolmentKey(id)}`),
  )
}
