import { type RawBuilder, sql } from 'kysely'
import { announce, type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { lockFlow, type StoredFlow } from '../queries/stored.ts'
import { runJob } from './enrol.ts'

interface Wish {
  ids?: string[] | undefined
  mapping: Record<string, string>
}

/** Who would move to the published version, by the step where they are. @throws AppError `not_found`, `conflict` */
export async function previewMove(ctx: Context, id: string, wish: Wish) {
  requirePermission(ctx, 'flows.manage')
  const { flow, places } = await read(ctx, id, wish)
  const { rows } = await sql<{ version: number; step: string; count: number }>`
    select e.version, e.step, count(*)::int as count from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and ${movable(ctx, flow, wish)}
    group by 1, 2 order by 1, 2`.execute(ctx.tx)
  const steps = rows.map(row => ({ ...row, to: places.get(row.step) ?? null }))
  return {
    version: flow.version!,
    movable: steps.reduce((sum, { to, count }) => sum + (to === null ? 0 : count), 0),
    steps,
  }
}

/**
 * Moves running enrolments to the published version: each to the step of the same key, or that `mapping` names; who is at a
 * step that the version lacks stays. Who has waited there begins to wait anew only where the step is another one.
 */
export async function moveEnrolments(ctx: Context, id: string, wish: Wish): Promise<{ moved: number; stayed: number }> {
  requirePermission(ctx, 'flows.manage')
  const { flow, places } = await read(ctx, id, wish)
  const pairs = JSON.stringify([...places].map(([from, to]) => ({ from, to })))
  const { rows } = await sql<{ moved: number; stayed: number }>`
    with chosen as materialized (
      select e.id, e.version, e.step, e.visit, e.arrived_at, place."to" from flow_enrolment e
      left join jsonb_to_recordset(${pairs}::jsonb) as place ("from" text, "to" text) on place."from" = e.step
      where ${movable(ctx, flow, wish)} and e.tenant_id = ${ctx.tenantId} for update of e),
    elsewhere as (
      insert into flow_step_run (tenant_id, enrolment_id, visit, flow_id, version, step, kind, arrived_at, at, outcome, reason, details)
      select ${ctx.tenantId}::uuid, c.id, c.visit, ${id}::uuid, c.version, c.step, 'move', c.arrived_at, ${ctx.now}::timestamptz, 'skipped',
        'moved_by_hand', jsonb_build_object('version', ${flow.version}::int, 'to', c."to")
      from chosen c where c."to" <> c.step returning enrolment_id),
    withdrawn as (
      update flow_request r set state = 'withdrawn' from elsewhere
      where r.tenant_id = ${ctx.tenantId} and r.enrolment_id = elsewhere.enrolment_id and r.state = 'waiting' returning 1),
    moved as (
      update flow_enrolment e set version = ${flow.version}, step = c."to",
        visit = e.visit + case when c."to" <> c.step then 1 else 0 end,
        arrived_at = case when c."to" <> c.step then ${ctx.now}::timestamptz else e.arrived_at end,
        waits_for = case when c."to" <> c.step then null else e.waits_for end,
        due_at = case when c."to" <> c.step then ${ctx.now}::timestamptz else e.due_at end
      from chosen c where e.tenant_id = ${ctx.tenantId} and e.id = c.id and c."to" is not null returning 1)
    select (select count(*)::int from moved) as moved, (select count(*)::int from chosen where "to" is null) as stayed`.execute(
    ctx.tx,
  )
  const result = rows[0]!
  record(ctx, {
    action: 'flow.enrolments_moved',
    subject: { kind: 'flow', id },
    details: { ...result, version: flow.version },
  })
  enqueue(ctx, { name: runJob, payload: {}, key: 'run' })
  announce(ctx, { type: 'flow.advanced', subject: { kind: 'flow', id }, payload: { enrolments: result.moved } })
  return result
}

/** The flow, and to which of its steps a key leads. */
async function read(
  ctx: Context,
  id: string,
  { mapping }: Wish,
): Promise<{ flow: StoredFlow; places: Map<string, string> }> {
  const flow = await lockFlow(ctx, id)
  if (!flow.published) {
    throw new AppError('conflict', {
      ja: 'まだ公開されていないフローです。先に公開してください。',
      en: 'The flow was not published yet. Publish it first.',
    })
  }
  const keys = new Set(flow.published.steps.map(({ key }) => key))
  const places = new Map([...keys].map(key => [key, key]))
  for (const [from, to] of Object.entries(mapping)) if (keys.has(to)) places.set(from, to)
  return { flow, places }
}

function movable(ctx: Context, flow: StoredFlow, { ids }: Wish): RawBuilder<unknown> {
  return sql`e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flow.id} and e.state in ('active', 'paused', 'failed')
    and e.step is not null and e.version <> ${flow.version} and (${ids ?? null}::uuid[] is null or e.id = any(${ids ?? []}::uuid[]))`
}
