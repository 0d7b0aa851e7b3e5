import { sql } from 'kysely'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { shareOf } from '../../../platform/learning/measures.ts'
import type { flowCounts, flowResult } from '../contract/flows.ts'
import { differenceOf, neededFor } from '../difference.ts'
import { storedFlow } from './stored.ts'

/**
 * How many reached the goal in time, of both arms. Who still has days left and has not reached it does not count yet; the
 * same goes for both arms, so that they stay comparable. @throws AppError `not_found`
 */
export async function resultOf(ctx: Context, id: string): Promise<RouteReply<typeof flowResult>> {
  requirePermission(ctx, 'flows.view')
  const flow = await storedFlow(ctx, id)
  const days = flow.published?.goal?.withinDays ?? null
  const { rows } = await sql<{ held: boolean; people: number; converted: number; open: number }>`
    select held, count(*) filter (where over)::int as people, count(*) filter (where over and reached)::int as converted,
      count(*) filter (where not over and not reached)::int as open
    from (
      select e.state = 'holdout' or coalesce(e.reason, '') = 'holdout' as held,
        e.goal_at is not null and e.goal_at <= e.entered_at + make_interval(days => ${days ?? 0}::int) as reached,
        e.entered_at <= ${ctx.now}::timestamptz - make_interval(days => ${days ?? 0}::int) as over
      from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${id}
        and (e.goal_at is null or e.goal_at >= e.entered_at)) e
    group by held`.execute(ctx.tx)
  const countsOf = (held: boolean) => {
    const row = rows.find(each => each.held === held)
    return {
      hits: days === null ? 0 : (row?.converted ?? 0),
      of: days === null ? 0 : (row?.people ?? 0),
      open: row?.open ?? 0,
    }
  }
  const [treated, held] = [countsOf(false), countsOf(true)]
  const [treatedShare, heldShare] = [shareOf(treated.hits, treated.of), shareOf(held.hits, held.of)]
  const arm = ({ hits, of }: typeof treated, share: typeof treatedShare) => ({
    people: of,
    converted: hits,
    share: share?.value ?? null,
    low: share?.low ?? null,
    high: share?.high ?? null,
  })
  return {
    withinDays: days,
    treated: arm(treated, treatedShare),
    heldOut: arm(held, heldShare),
    difference: differenceOf(treatedShare, heldShare),
    needed: neededFor(treated, held),
    open: days === null ? 0 : treated.open + held.open,
  }
}

/** Per step of a version: who is there, who came through by which way, who left there. @throws AppError `not_found` */
export async function countsOf(
  ctx: Context,
  id: string,
  wanted: number | undefined,
): Promise<RouteReply<typeof flowCounts>> {
  requirePermission(ctx, 'flows.view')
  const flow = await storedFlow(ctx, id)
  const version = wanted ?? flow.version
  const own = sql`e.tenant_id = ${ctx.tenantId} and e.flow_id = ${id}`
  const { rows: runs } = await sql<{
    step: string
    outcome: string
    way: string | null
    reason: string | null
    count: number
  }>`
    select r.step, r.outcome, r.way, r.reason, count(*)::int as count from flow_step_run r
    where r.tenant_id = ${ctx.tenantId} and r.flow_id = ${id} and r.version = ${version} group by 1, 2, 3, 4`.execute(
    ctx.tx,
  )
  const { rows: here } = await sql<{ step: string; now: number; failed: number }>`
    select e.step, count(*)::int as now, count(*) filter (where e.state = 'failed')::int as failed from flow_enrolment e
    where ${own} and e.tenant_id = ${ctx.tenantId} and e.version = ${version} and e.state in ('active', 'paused', 'failed')
      and e.step is not null group by 1`.execute(ctx.tx)
  const { rows: ends } = await sql<{ reason: string; count: number; total: number }>`
    select coalesce(e.reason, '') as reason, count(*) filter (where e.state = 'ended')::int as count, count(*)::int as total
    from flow_enrolment e where ${own} and e.tenant_id = ${ctx.tenantId} and e.version = ${version} group by 1 order by 1`.execute(
    ctx.tx,
  )
  const { rows: refused } = await sql<{ reason: string; count: number }>`
    select r.reason, count(*)::int as count from flow_refusal r where r.tenant_id = ${ctx.tenantId} and r.flow_id = ${id}
    group by 1 order by 1`.execute(ctx.tx)
  const keys = [...new Set([...runs, ...here].map(({ step }) => step))].sort()
  const sum = (rows: readonly { count: number }[]) => rows.reduce((total, { count }) => total + count, 0)
  return {
    version,
    entered: ends.reduce((total, row) => total + row.total, 0),
    ended: ends.filter(({ count }) => count > 0).map(({ reason, count }) => ({ reason, count })),
    refused,
    steps: keys.map(step => {
      const own = runs.filter(row => row.step === step)
      const through = own.filter(({ outcome }) => outcome === 'done' || outcome === 'skipped')
      const grouped = (rows: typeof own, name: 'way' | 'reason') =>
        [...Map.groupBy(rows, row => row[name] ?? '')].map(([key, part]) => ({ key, count: sum(part) }))
      return {
        step,
        now: here.find(row => row.step === step)?.now ?? 0,
        failed: here.find(row => row.step === step)?.failed ?? 0,
        passed: sum(through),
        left: sum(own.filter(({ outcome }) => outcome === 'ended')),
        ways: grouped(through, 'way').map(({ key, count }) => ({ way: key, count })),
        skipped: grouped(
          own.filter(({ outcome }) => outcome === 'skipped'),
          'reason',
        ).map(({ key, count }) => ({ reason: key, count })),
      }
    }),
  }
}
