import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { notify } from '../../notices/commands/notify.ts'
import type { Severity } from '../../notices/contract/shapes.ts'
import type { AlertAction, actOnAlerts as act } from '../contract/alerts.ts'
import { inScope } from '../queries/alerts.ts'

type Result = z.output<typeof act.reply>
type Reason = Result['skipped'][number]['reason']

interface Known {
  id: string
  state: 'open' | 'acknowledged' | 'snoozed' | 'closed'
  owner_id: string | null
  may_snooze: boolean
  is_event: boolean
  /** It was closed by hand while its rule still holds. */
  ended: boolean
  severity: Severity
  name_ja: string
  name_en: string
  customer: string | null
}

/** Nobody plans further ahead than this (days). */
const longestSnooze = 366

const stepKinds = {
  acknowledge: 'acknowledged',
  assign: 'assigned',
  snooze: 'snoozed',
  wake: 'woke',
  resolve: 'resolved',
  reopen: 'reopened',
} as const

/**
 * Does one thing to alerts. Those to which it cannot be done are named with the reason; the others are done.
 * @throws AppError `invalid_input` for a moment that does not lie ahead, or an owner who is no member
 */
export async function actOnAlerts(ctx: Context, action: AlertAction): Promise<Result> {
  const known = await lockAlerts(ctx, action.ids)
  await checkAction(ctx, action)
  const skipped: Result['skipped'] = []
  const changed: Known[] = []
  for (const id of new Set(action.ids)) {
    const alert = known.get(id)
    const reason = alert ? refusal(action, alert) : 'not_found'
    if (reason) skipped.push({ id, reason })
    else changed.push(alert!)
  }
  if (changed.length === 0) return { changed: 0, skipped }
  const done = await apply(ctx, action, changed)
  for (const { id } of changed.filter(alert => !done.has(alert.id))) skipped.push({ id, reason: 'open_again' })
  const written = changed.filter(alert => done.has(alert.id))
  await writeSteps(ctx, action, written)
  if (action.action === 'assign') await tellOwner(ctx, action.ownerId, written)
  record(ctx, {
    action: `alerts.${stepKinds[action.action]}`,
    ...(written.length === 1 && { subject: { kind: 'alert', id: written[0]!.id } }),
    details: { alerts: written.length },
  })
  announce(ctx, { type: 'alert.changed', payload: { changed: written.length } })
  return { changed: written.length, skipped }
}

/** Locks the alerts that the actor may handle, in one order. */
async function lockAlerts(ctx: Context, ids: readonly string[]): Promise<Map<string, Known>> {
  const scope = requirePermission(ctx, 'alerts.handle')
  const { rows } = await sql<Known>`
    select a.id, a.state, a.owner_id, r.may_snooze, r.trigger ->> 'kind' = 'event' as is_event, a.ended_at is not null as ended,
      a.severity, r.name_ja, r.name_en, (select k.name from customer k where k.tenant_id = ${ctx.tenantId} and k.id = a.customer_id) as customer
    from alert a join alert_rule r on r.tenant_id = ${ctx.tenantId} and r.id = a.rule_id
    where a.tenant_id = ${ctx.tenantId} and a.id = any(${ids}::uuid[]) and ${inScope(ctx, scope)}
    order by a.id for update of a`.execute(ctx.tx)
  return new Map(rows.map(row => [row.id, row]))
}

async function checkAction(ctx: Context, action: AlertAction): Promise<void> {
  if (action.action === 'snooze') {
    const days = (Date.parse(action.until) - ctx.now.getTime()) / 86_400_000
    if (days <= 0 || days > longestSnooze) {
      throw invalidField('body.until', {
        ja: 'スヌーズの期限は、今より後の1年以内の日時を指定してください。',
        en: 'Choose a moment within the next year for the snooze to end.',
      })
    }
  }
  if (action.action === 'assign' && action.ownerId !== null) {
    const { rows } =
      await sql`select 1 from member where tenant_id = ${ctx.tenantId} and id = ${action.ownerId}`.execute(ctx.tx)
    if (rows.length === 0) {
      throw invalidField('body.ownerId', {
        ja: 'そのメンバーは会社にいません。',
        en: 'There is no such member in the company.',
      })
    }
  }
}

function refusal(action: AlertAction, alert: Known): Reason | undefined {
  const isClosed = alert.state === 'closed'
  if (action.action === 'reopen') return isClosed ? undefined : 'not_closed'
  if (isClosed) return 'closed'
  if (action.action === 'acknowledge' && alert.state === 'acknowledged') return 'same'
  if (action.action === 'assign' && alert.owner_id === action.ownerId) return 'same'
  if (action.action === 'wake' && alert.state !== 'snoozed') return 'same'
  if (action.action === 'snooze' && !alert.may_snooze) return 'no_snooze'
  return undefined
}

/** @returns the ids of those that were changed: one cannot be reopened beside a newer one that is open */
async function apply(ctx: Context, action: AlertAction, alerts: readonly Known[]): Promise<Set<string>> {
  const ids = alerts.map(({ id }) => id)
  // What happened does not go on happening: an alert of an event is over when it is resolved.
  const overIds = alerts.filter(({ is_event }) => is_event).map(({ id }) => id)
  const changes = {
    acknowledge: () => sql`state = 'acknowledged', snoozed_until = null`,
    assign: () => sql`owner_id = ${(action as { ownerId: string | null }).ownerId}`,
    snooze: () => sql`state = 'snoozed', snoozed_until = ${(action as { until: string }).until}::timestamptz`,
    wake: () => sql`state = 'open', snoozed_until = null`,
    resolve:
      () => sql`state = 'closed', closed_at = ${ctx.now}, closed_by = ${ctx.actor.id ?? null}::uuid, close_reason = 'resolved',
      ended_at = case when a.cleared_at is not null or a.id = any(${overIds}::uuid[]) then ${ctx.now}::timestamptz end`,
    reopen: () =>
      sql`state = 'open', closed_at = null, closed_by = null, close_reason = null, ended_at = null, snoozed_until = null`,
  }
  const alone =
    action.action === 'reopen'
      ? sql`and not exists (select 1 from alert other where other.tenant_id = ${ctx.tenantId} and other.rule_id = a.rule_id
          and other.subject_id = a.subject_id and other.id <> a.id and other.ended_at is null)`
      : sql``
  const { rows } = await sql<{ id: string }>`
    update alert a set ${changes[action.action]()}, updated_at = ${ctx.now}
    where a.tenant_id = ${ctx.tenantId} and a.id = any(${ids}::uuid[]) ${alone} returning a.id`.execute(ctx.tx)
  return new Set(rows.map(row => row.id))
}

async function writeSteps(ctx: Context, action: AlertAction, alerts: readonly Known[]): Promise<void> {
  const note = action.action === 'resolve' ? action.note : action.action === 'snooze' ? action.reason : null
  const details = {
    ...(action.action === 'assign' && { owner: action.ownerId }),
    ...(action.action === 'snooze' && { until: new Date(action.until).toISOString() }),
  }
  await insertSteps(
    ctx,
    alerts.map(({ id }) => id),
    { kind: stepKinds[action.action], note, details },
  )
}

async function insertSteps(
  ctx: Context,
  alertIds: readonly string[],
  { kind, note, details = {} }: { kind: string; note: string | null; details?: object },
): Promise<string[]> {
  const lines = alertIds.map(alert => ({ id: uuidv7(), alert }))
  await sql`
    insert into alert_step (tenant_id, id, alert_id, at, kind, actor_id, actor_kind, note, details)
    select ${ctx.tenantId}::uuid, line.id, line.alert, ${ctx.now}::timestamptz, ${kind}, ${ctx.actor.id ?? null}::uuid, ${ctx.actor.kind},
      ${note}, ${JSON.stringify(details)}::jsonb
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, alert uuid) on conflict do nothing`.execute(
    ctx.tx,
  )
  return lines.map(({ id }) => id)
}

/** Tells a colleague what they were given, unless they took it themselves. */
async function tellOwner(ctx: Context, ownerId: string | null, alerts: readonly Known[]): Promise<void> {
  if (ownerId === null || ownerId === ctx.actor.id || alerts.length === 0) return
  const [first] = alerts
  const names = alerts.slice(0, 10).map(({ customer, name_ja }) => customer ?? name_ja)
  const one = alerts.length === 1
  await notify(ctx, [
    {
      topic: 'handling',
      severity: first!.severity,
      title: one
        ? { ja: `担当になりました: ${first!.name_ja}`, en: `Assigned to you: ${first!.name_en}` }
        : { ja: `アラート${alerts.length}件の担当になりました`, en: `${alerts.length} alerts were assigned to you` },
      text: { ja: names.join('、'), en: names.join(', ') },
      link: one ? `/alerts?open=${first!.id}` : '/alerts?mine=own',
      key: `alerts:assigned:${first!.id}:${ctx.now.toISOString()}`,
      to: { members: [ownerId] },
    },
  ])
}

/** Writes a note on an alert. @returns the step's id. @throws AppError `not_found` */
export async function noteOnAlert(ctx: Context, id: string, text: string): Promise<string> {
  const known = await lockAlerts(ctx, [id])
  if (!known.has(id)) throw notFound()
  const [step] = await insertSteps(ctx, [id], { kind: 'note', note: text })
  record(ctx, { action: 'alert.noted', subject: { kind: 'alert', id } })
  announce(ctx, { type: 'alert.changed', subject: { kind: 'alert', id }, payload: { changed: 1 } })
  return step!
}
