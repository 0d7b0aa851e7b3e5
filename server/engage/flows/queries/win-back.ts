import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { JsonText } from '../../../platform/http/implement.ts'
import { jsonPage, readCursor } from '../../../platform/http/paging.ts'
import { shareOf } from '../../../platform/learning/measures.ts'
import { type listWinBack, type readWinBack, winBackTarget } from '../contract/reports.ts'
import { customerInReach } from './reach.ts'

const result = sql`case when e.goal_at is not null then 'returned' when e.state = 'holdout' or e.reason = 'holdout' then 'held_out'
  when e.state = 'ended' then 'ended' else 'running' end`

/** The days after which the steps of a win-back come: as the flows of the programmes have them. */
function stage(ctx: Context): RawBuilder<unknown> {
  const since = sql`coalesce(e.goal_at, e.ended_at, ${ctx.now}::timestamptz) - e.entered_at`
  return sql`case when ${since} >= interval '360 days' then 'month_12' when ${since} >= interval '180 days' then 'month_6'
    when ${since} >= interval '90 days' then 'month_3' else 'left' end`
}

/** Enrolments `e` of flows `f` that win back customers `c`, within reach. */
function from(ctx: Context): RawBuilder<unknown> {
  return sql`from flow_enrolment e
    join flow f on f.tenant_id = ${ctx.tenantId} and f.id = e.flow_id and f.kind = 'win_back' and f.subject = 'customer'
    join customer c on c.tenant_id = ${ctx.tenantId} and c.id = e.subject_id and c.merged_into is null
    where e.tenant_id = ${ctx.tenantId} and ${customerInReach(ctx, sql`e.subject_id`, 'customers.read')}`
}

/** Customers who left and are or were in a win-back flow, the latest first. */
export async function winBackPage(ctx: Context, query: z.output<typeof listWinBack.query>): Promise<JsonText> {
  requirePermission(ctx, 'flows.view')
  const after = readCursor(query.cursor, 2)
  // A step at which time passes is not what comes next, but what it leads to.
  const next = sql`(
    select json_build_object('step', s ->> 'key', 'kind', s ->> 'kind', 'text', coalesce(s ->> 'name', s ->> 'title', s ->> 'question'),
      'at', e.due_at)
    from flow_version v, jsonb_array_elements(v.document -> 'steps') here, jsonb_array_elements(v.document -> 'steps') s
    where v.tenant_id = ${ctx.tenantId} and v.flow_id = e.flow_id and v.number = e.version and here ->> 'key' = e.step
      and s ->> 'key' = case when here ->> 'kind' in ('wait', 'wait_date', 'wait_working_hour') then here ->> 'next' else e.step end)`
  const { rows } = await sql<{ item: string }>`
    select json_build_object('id', e.id, 'customerId', c.id, 'customerName', c.name, 'flowId', f.id,
      'flowName', json_build_object('ja', f.name_ja, 'en', f.name_en), 'enteredAt', e.entered_at, 'churnedOn', c.churned_on,
      'churnReason', c.churn_reason, 'stage', ${stage(ctx)}, 'nextStep', case when e.state in ('active', 'paused', 'failed') then ${next} end,
      'lastContactAt', (select max(k.at) from flow_contact k where k.tenant_id = ${ctx.tenantId} and k.enrolment_id = e.id),
      'result', ${result}, 'returnedAt', e.goal_at)::text as item
    ${from(ctx)}
      ${query.result ? sql`and ${result} = ${query.result}` : sql``}
      ${query.stage ? sql`and ${stage(ctx)} = ${query.stage}` : sql``}
      ${after ? sql`and (e.entered_at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by e.entered_at desc, e.id desc limit ${sql.lit(query.limit + 1)}`.execute(ctx.tx)
  return jsonPage(rows, query.limit, ['enteredAt', 'id'])
}

/** How many of those who left returned. The rate is of those whose year is over, so that the quick do not count twice. */
export async function winBackFigures(ctx: Context): Promise<RouteReply<typeof readWinBack>> {
  requirePermission(ctx, 'flows.view')
  const { rows } = await sql<{
    held: boolean
    entered: number
    running: number
    returned: number
    over: number
    hits: number
  }>`
    select e.held, count(*)::int as entered, count(*) filter (where e.result = 'running')::int as running,
      count(*) filter (where e.result = 'returned')::int as returned, count(*) filter (where e.over)::int as over,
      count(*) filter (where e.over and e.result = 'returned')::int as hits
    from (select ${result} as result, e.state = 'holdout' or coalesce(e.reason, '') = 'holdout' as held,
      e.entered_at <= ${ctx.now}::timestamptz - interval '365 days' as over ${from(ctx)}) e group by e.held`.execute(
    ctx.tx,
  )
  const none = { entered: 0, running: 0, returned: 0, over: 0, hits: 0 }
  const [own, held] = [false, true].map(each => rows.find(row => row.held === each) ?? none) as [
    typeof none,
    typeof none,
  ]
  return {
    entered: own.entered,
    running: own.running,
    returned: own.returned,
    over: own.over,
    rate: shareOf(own.hits, own.over),
    heldOut: { over: held.over, returned: held.hits, rate: shareOf(held.hits, held.over) },
    target: winBackTarget,
  }
}
