import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import { markConverted } from '../../messages/commands/track.ts'
import { runningFlows } from '../queries/stored.ts'
import { enrolmentKey, type FlowReason } from '../steps/definition.ts'

/**
 * Ends enrolments where they are, with a line in their log; what they have asked for is withdrawn.
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
      where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = chosen.id and r.state = 'waiting' returning 1)
    select count(*)::int as count from ended`.execute(ctx.tx)
  return rows[0]!.count
}

/**
 * Writes down who has reached the goal of the enabled flows, of both arms; who is on the way leaves the flow where the goal
 * ends it. Held-out ones whose time is over are let go, so that they can be compared again.
 */
export async function followGoals(ctx: Context): Promise<void> {
  for (const flow of await runningFlows(ctx)) {
    const { goal } = flow.published
    const own = sql`e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flow.id}`
    if (goal) {
      const open = sql`${own} and e.goal_at is null and e.entered_at > ${ctx.now}::timestamptz - make_interval(days => ${goal.withinDays}::int)`
      const matching = await matchingRecords(
        ctx,
        flow.subject,
        goal.condition,
        sql`select e.subject_id from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and ${open}`,
      )
      await sql`
        update flow_enrolment e set goal_at = ${ctx.now} where ${open} and e.tenant_id = ${ctx.tenantId} and e.subject_id in (${matching})`.execute(
        ctx.tx,
      )
      if (flow.published.steps.some(({ kind }) => kind === 'email')) await creditMessages(ctx, flow.id)
      if (goal.ends) await endEnrolments(ctx, sql`e.flow_id = ${flow.id} and e.goal_at is not null`, 'goal')
    }
    const days = goal?.withinDays ?? 30
    await sql`
      update flow_enrolment e set state = 'ended', ended_at = ${ctx.now}, reason = 'holdout'
      where ${own} and e.tenant_id = ${ctx.tenantId} and e.state = 'holdout'
        and e.entered_at <= ${ctx.now}::timestamptz - make_interval(days => ${days}::int)`.execute(ctx.tx)
  }
}

/** What was sent to those who reached the goal lately counts as having led to it. */
async function creditMessages(ctx: Context, flowId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select e.id from flow_enrolment e
    where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowId} and e.goal_at > ${ctx.now}::timestamptz - interval '1 day'`.execute(
    ctx.tx,
  )
  await markConverted(
    ctx,
    rows.map(({ id }) => `flow:${enrolmentKey(id)}`),
  )
}
