import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import { zoneOfSubject } from '../queries/zone.ts'
import type { FlowReason, Visitor } from '../steps/definition.ts'

/** An enrolment on its way through the steps of one run. */
export interface Traveller extends Visitor {
  version: number
  step: string
  attempts: number
  goalAt: Date | null
  enteredAt: Date
  /** The record is gone: merged into another one, or deleted. */
  gone: boolean
  /** Steps that it went in this run. */
  hops: number
  /** How the run leaves it; undefined while it goes on. */
  rest?: Rest
}

type Rest =
  | { state: 'active'; due: Date; waitsFor: 'time' | 'condition' | 'answer' | null; fault?: string }
  | { state: 'ended'; reason: FlowReason }
  | { state: 'failed'; fault: string }

/** A line of the run log. */
export interface LogLine {
  id: string
  visit: number
  version: number
  step: string
  kind: string
  arrivedAt: Date
  outcome: 'done' | 'skipped' | 'failed' | 'ended'
  way: string | null
  reason: string | null
  details: object | null
}

/** The flows that have somebody due, the most urgent first. */
export async function flowsDue(ctx: Context): Promise<{ id: string; subject: RecordKind }[]> {
  const { rows } = await sql<{ id: string; subject: RecordKind }>`
    select f.id, f.subject from flow f where f.tenant_id = ${ctx.tenantId} and f.state = 'enabled'
      and exists (select 1 from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = f.id and e.state = 'active'
        and e.due_at <= ${ctx.now})
    order by f.priority, f.id`.execute(ctx.tx)
  return rows
}

/**
 * Takes due enrolments of a flow for this transaction; those that another worker has are passed over.
 * @param zone of the company, for those without one of their own
 */
export async function claimDue(
  ctx: Context,
  flow: { id: string; subject: RecordKind },
  { most, zone }: { most: number; zone: string },
): Promise<Traveller[]> {
  const { rows } = await sql<Omit<Traveller, 'hops' | 'rest'>>`
    select e.id, e.subject_id as "subjectId",
      ${flow.subject === 'contact' ? sql`case when s.id is null then e.customer_id else s.customer_id end` : sql`e.customer_id`} as "customerId",
      ${zoneOfSubject(ctx, flow.subject, zone)} as zone, e.version, e.step, e.visit, e.arrived_at as "arrivedAt",
      e.waits_for is not null as resumed, e.attempts, e.goal_at as "goalAt", e.entered_at as "enteredAt", s.id is null as gone
    from flow_enrolment e
    left join ${sql.table(flow.subject)} s on s.tenant_id = ${ctx.tenantId} and s.id = e.subject_id and s.merged_into is null
    where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flow.id} and e.state = 'active' and e.due_at <= ${ctx.now}
    order by e.due_at limit ${most} for update of e skip locked`.execute(ctx.tx)
  return rows.map(row => ({ ...row, hops: 0 }))
}

/** Writes where a run has left everybody. */
export async function writeTravellers(ctx: Context, travellers: readonly Traveller[]): Promise<void> {
  if (travellers.length === 0) return
  const column = <Value>(value: (traveller: Traveller) => Value) => travellers.map(value)
  await sql`
    update flow_enrolment e set step = line.step, arrived_at = case when line.visit > e.visit then ${ctx.now} else e.arrived_at end,
      visit = line.visit, state = line.state, due_at = line.due_at, waits_for = line.waits_for, reason = line.reason, fault = line.fault,
      attempts = line.attempts, goal_at = line.goal_at, ended_at = case when line.state = 'ended' then ${ctx.now}::timestamptz end
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ step }) => step)}::text[], ${column(({ visit }) => visit)}::int[],
      ${column(({ rest }) => rest?.state ?? 'active')}::text[],
      ${column(({ rest }) => (rest?.state === 'active' ? rest.due : null))}::timestamptz[],
      ${column(({ rest }) => (rest?.state === 'active' ? rest.waitsFor : null))}::text[],
      ${column(({ rest }) => (rest?.state === 'ended' ? rest.reason : null))}::text[],
      ${column(({ rest }) => (rest && rest.state !== 'ended' ? (rest.fault ?? null) : null))}::text[],
      ${column(({ attempts }) => attempts)}::smallint[], ${column(({ goalAt }) => goalAt)}::timestamptz[])
      as line (id, step, visit, state, due_at, waits_for, reason, fault, attempts, goal_at)
    where e.tenant_id = ${ctx.tenantId} and e.id = line.id`.execute(ctx.tx)
}

/** Writes the run log: a visit that was logged already breaks the whole run, as nothing may happen twice. */
export async function writeLog(ctx: Context, flowId: string, lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return
  const column = <Value>(value: (line: LogLine) => Value) => lines.map(value)
  await sql`
    insert into flow_step_run (tenant_id, enrolment_id, visit, flow_id, version, step, kind, arrived_at, at, outcome, way, reason, details)
    select ${ctx.tenantId}, line.id, line.visit, ${flowId}, line.version, line.step, line.kind, line.arrived_at, ${ctx.now}, line.outcome,
      line.way, line.reason, line.details
    from unnest(${column(({ id }) => id)}::uuid[], ${column(({ visit }) => visit)}::int[], ${column(({ version }) => version)}::int[],
      ${column(({ step }) => step)}::text[], ${column(({ kind }) => kind)}::text[], ${column(({ arrivedAt }) => arrivedAt)}::timestamptz[],
      ${column(({ outcome }) => outcome)}::text[], ${column(({ way }) => way)}::text[], ${column(({ reason }) => reason)}::text[],
      ${column(({ details }) => (details === null ? null : JSON.stringify(details)))}::jsonb[])
      as line (id, visit, version, step, kind, arrived_at, outcome, way, reason, details)
    returning 1`.execute(ctx.tx)
}
