import { sql } from 'kysely'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { EnrolmentAction } from '../contract/enrolments.ts'
import { waysOf } from '../contract/steps.ts'
import { customerInReach } from '../queries/reach.ts'
import { type RunningFlow, storedFlow, versionsOf } from '../queries/stored.ts'
import { type LogLine, writeLog } from './claim.ts'
import { type Enrolled, enrolSubjects, runJob } from './enrol.ts'
import { endEnrolments } from './leave.ts'

/** Takes subjects in by hand. @throws AppError `not_found`, `conflict` for a flow that does not run or is not begun by hand */
export async function enrolByHand(ctx: Context, id: string, subjectIds: readonly string[]): Promise<Enrolled> {
  requirePermission(ctx, 'flows.handle')
  const flow = await storedFlow(ctx, id)
  if (flow.state !== 'enabled' || !flow.published) {
    throw new AppError('conflict', {
      ja: '公開中のフローではありません。公開または再開してから登録してください。',
      en: 'The flow does not run. Publish or resume it first.',
    })
  }
  if (!flow.published.triggers.some(({ kind }) => kind === 'manual')) {
    throw new AppError('conflict', {
      ja: 'このフローは手動では開始できません。開始条件に「手動」を追加して公開してください。',
      en: 'This flow is not begun by hand. Add the manual trigger and publish it.',
    })
  }
  const account = flow.subject === 'contact' ? sql`s.customer_id` : sql`s.id`
  const source = sql`select s.id, ${`manual:${ctx.requestId}`} as cause_key from ${sql.table(flow.subject)} s
    where s.tenant_id = ${ctx.tenantId} and s.id = any(${subjectIds}::uuid[]) and ${customerInReach(ctx, account, 'flows.handle')}`
  const result = await enrolSubjects(ctx, flow as RunningFlow, source, { cause: 'manual' })
  record(ctx, {
    action: 'flow.enrolled',
    subject: { kind: 'flow', id },
    details: { enrolled: result.enrolled, heldOut: result.heldOut, asked: subjectIds.length },
  })
  announce(ctx, { type: 'flow.advanced', subject: { kind: 'flow', id }, payload: { enrolments: result.enrolled } })
  return result
}

/** Pauses, resumes, skips, retries or cancels enrolments; what cannot be is counted. */
export async function actOnEnrolments(
  ctx: Context,
  { action, ids }: EnrolmentAction,
): Promise<{ changed: number; skipped: number }> {
  requirePermission(ctx, 'flows.handle')
  const mine = sql`e.tenant_id = ${ctx.tenantId} and e.id = any(${ids}::uuid[]) and ${customerInReach(ctx, sql`e.customer_id`, 'flows.handle')}`
  let changed: number
  if (action === 'cancel') {
    changed = await endEnrolments(ctx, mine, 'cancelled')
  } else if (action === 'skip') {
    changed = await skip(ctx, mine)
  } else {
    const { from, set } = {
      pause: { from: 'active', set: sql`state = 'paused'` },
      resume: { from: 'paused', set: sql`state = 'active'` },
      retry: {
        from: 'failed',
        set: sql`state = 'active', due_at = ${ctx.now}::timestamptz, attempts = 0, fault = null`,
      },
    }[action]
    const { numAffectedRows } = await sql`
      update flow_enrolment e set ${set} where ${mine} and e.tenant_id = ${ctx.tenantId} and e.state = ${from}`.execute(
      ctx.tx,
    )
    changed = Number(numAffectedRows ?? 0)
  }
  if (changed > 0) {
    enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
    record(ctx, {
      action: `flow_enrolments.${pastTense[action]}`,
      details: { enrolments: changed, ids: ids.slice(0, 200) },
    })
    announce(ctx, { type: 'flow.advanced', payload: { enrolments: changed } })
  }
  return { changed, skipped: ids.length - changed }
}

const pastTense = {
  pause: 'paused',
  resume: 'resumed',
  skip: 'skipped',
  retry: 'retried',
  cancel: 'cancelled',
} as const

/**
 * Whoever is at a step goes on without the step being done. Nobody decides by it: what waits for an answer goes on as if none
 * had come.
 */
async function skip(ctx: Context, which: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{
    id: string
    flow: string
    version: number
    step: string
    visit: number
    arrivedAt: Date
  }>`
    select e.id, e.flow_id as flow, e.version, e.step, e.visit, e.arrived_at as "arrivedAt" from flow_enrolment e
    where ${which} and e.tenant_id = ${ctx.tenantId} and e.state in ('active', 'paused', 'failed') and e.step is not null for update`.execute(
    ctx.tx,
  )
  const documents = await versionsOf(ctx, [...new Map(rows.map(row => [`${row.flow} ${row.version}`, row])).values()])
  const lines: (LogLine & { flow: string; to: string | null })[] = rows.flatMap(row => {
    const step = documents.get(`${row.flow} ${row.version}`)?.steps.find(({ key }) => key === row.step)
    if (!step) return []
    const ways = waysOf(step)
    const way = ways.find(({ name }) => name === 'silent' || name === 'timeout') ?? ways[0]
    const more = { outcome: 'skipped', reason: 'skipped_by_hand', details: null } as const
    return [{ ...row, ...more, kind: step.kind, way: way?.name ?? null, to: way?.to ?? null }]
  })
  for (const [flow, own] of Map.groupBy(lines, ({ flow }) => flow)) await writeLog(ctx, flow, own)
  await sql`
    update flow_enrolment e set step = coalesce(line.to, e.step), visit = e.visit + 1, arrived_at = ${ctx.now}, waits_for = null, attempts = 0,
      fault = null, due_at = case when line.to is null then null when e.state = 'paused' then coalesce(e.due_at, ${ctx.now}::timestamptz) else ${ctx.now}::timestamptz end,
      state = case when line.to is null then 'ended' when e.state = 'paused' then 'paused' else 'active' end,
      ended_at = case when line.to is null then ${ctx.now}::timestamptz end, reason = case when line.to is null then 'finished' end
    from jsonb_to_recordset(${JSON.stringify(lines.map(({ id, to }) => ({ id, to })))}::jsonb) as line (id uuid, "to" text)
    where e.tenant_id = ${ctx.tenantId} and e.id = line.id`.execute(ctx.tx)
  await withdraw(ctx, lines)
  return lines.length
}

async function withdraw(ctx: Context, lines: readonly { id: string; visit: number }[]): Promise<void> {
  const keys = JSON.stringify(lines.map(({ id, visit }) => ({ id, visit })))
  await sql`
    update flow_request r set state = 'withdrawn' from jsonb_to_recordset(${keys}::jsonb) as line (id uuid, visit int)
    where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = line.id and r.visit = line.visit and r.state = 'waiting'`.execute(
    ctx.tx,
  )
}
