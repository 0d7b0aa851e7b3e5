import { type RawBuilder, sql } from 'kysely'
import { type Context, enqueue } from '../../../platform/context/context.ts'
import { matchingRecords } from '../../../signals/segments/queries/matching.ts'
import type { Trigger } from '../contract/triggers.ts'
import { isHeldOut } from '../queries/holdout.ts'
import type { RunningFlow } from '../queries/stored.ts'

export const runJob = 'flows.run'

export interface Enrolled {
  enrolled: number
  heldOut: number
  refused: { reason: string; count: number }[]
}

/**
 * Takes subjects into a flow, in one statement for any number of them: each once for a cause, nobody twice at a time. Who
 * does not come in is noted with the reason.
 * @param source a statement of `id` and `cause_key`
 * @param quietly who does not come in is not noted: a schedule asks everybody each time
 */
export async function enrolSubjects(
  ctx: Context,
  flow: RunningFlow,
  source: RawBuilder<unknown>,
  { cause, quietly = false }: { cause: Trigger['kind']; quietly?: boolean },
): Promise<Enrolled> {
  const { published: document } = flow
  const entry = document.entry
    ? await matchingRecords(ctx, flow.subject, document.entry, sql`select b.id from brought b`)
    : sql`select b.id from brought b`
  // Who is at the goal already would be counted as one whom the flow brought there.
  const reached = document.goal
    ? await matchingRecords(ctx, flow.subject, document.goal.condition, sql`select b.id from brought b`)
    : sql`select b.id from brought b where false`
  const isContact = flow.subject === 'contact'
  const customer = isContact ? sql`c.customer_id` : sql`c.id`
  const past = sql`select 1 from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flow.id} and e.subject_id = k.id`
  const { reentry } = document
  const again =
    reentry.kind === 'never'
      ? sql`exists (${past})`
      : reentry.kind === 'after_end'
        ? sql`false`
        : sql`exists (${past} and e.entered_at > ${ctx.now}::timestamptz - make_interval(days => ${reentry.days}::int))`
  const { rows } = await sql<{ outcome: string; count: number }>`
    with brought as materialized (
      select distinct on (s.id) s.id, s.cause_key from (${source}) s
      where not exists (select 1 from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flow.id}
        and e.subject_id = s.id and e.cause_key = s.cause_key)
      order by s.id, s.cause_key),
    entry as materialized (${entry}),
    reached as materialized (${reached}),
    known as (
      select b.id, b.cause_key, ${customer} as customer_id
      from brought b join ${sql.table(flow.subject)} c on c.tenant_id = ${ctx.tenantId} and c.id = b.id and c.merged_into is null),
    judged as materialized (
      select k.*, ${isHeldOut(ctx, sql`coalesce(k.customer_id, k.id)`, document.holdoutPercent)} as held,
        case when exists (${past} and e.state in ('active', 'paused', 'failed', 'holdout')) then 'already_in'
          when ${again} then 'reentry'
          when k.id not in (select entry.id from entry) then 'entry_not_met'
          when ${document.goal?.ends ?? false} and k.id in (select reached.id from reached) then 'goal_met' end as reason,
        -- Who is there already is taken along where the goal only measures, and counts for neither arm.
        case when k.id in (select reached.id from reached) then ${ctx.now}::timestamptz - interval '1 second' end as met_at
      from known k),
    came as (
      insert into flow_enrolment (tenant_id, id, flow_id, version, subject_id, customer_id, state, step, arrived_at, due_at, cause,
        cause_key, entered_at, goal_at)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), ${flow.id}::uuid, ${flow.version}::int, j.id, j.customer_id,
        case when j.held then 'holdout' else 'active' end, case when j.held then null else ${document.start}::text end,
        ${ctx.now}::timestamptz, case when j.held then null else ${ctx.now}::timestamptz end, ${cause}, j.cause_key, ${ctx.now}::timestamptz, j.met_at
      from judged j where j.reason is null
      order by j.id
      on conflict do nothing returning state),
    refused as (
      insert into flow_refusal (tenant_id, id, flow_id, subject_id, at, cause, cause_key, reason)
      select ${ctx.tenantId}::uuid, gen_random_uuid(), ${flow.id}::uuid, j.id, ${ctx.now}::timestamptz, ${cause}, j.cause_key,
        coalesce(j.reason, 'holdout')
      from judged j where (j.reason is not null and ${!quietly}) or (j.reason is null and j.held)
      on conflict do nothing returning reason)
    select came.state as outcome, count(*)::int as count from came group by 1
    union all
    select 'refused ' || j.reason, count(*)::int from judged j, (select count(*) from refused) written
    where j.reason is not null group by 1`.execute(ctx.tx)
  const countOf = (outcome: string) => rows.find(row => row.outcome === outcome)?.count ?? 0
  const enrolled = countOf('active')
  if (enrolled > 0) enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
  return {
    enrolled,
    heldOut: countOf('holdout'),
    refused: rows.flatMap(({ outcome, count }) =>
      outcome.startsWith('refused ') ? [{ reason: outcome.slice('refused '.length), count }] : [],
    ),
  }
}
