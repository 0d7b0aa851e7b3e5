import { sql } from 'kysely'
import { announce, type Context, type JsonObject, type JsonValue } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { priorities } from '../contract/shapes.ts'
import type { StoredTask, TaskValues } from '../queries/stored.ts'
import { nextDue } from '../recurrence.ts'
import { createTasks, minuteOf, momentsOf } from './create.ts'
import { insertSteps } from './steps.ts'
import { tellAssignees } from './tell.ts'

/** A task as it is, and as it shall be. */
export interface TaskChange {
  task: StoredTask
  next: TaskValues
}

interface Written {
  changed: number
  /** The tasks that follow recurring ones that were done, by the task done. */
  next: Map<string, string>
}

/** @throws AppError `invalid_input` where a status lacks its reason, a repetition or a time its due day */
export function admitValues(values: TaskValues): void {
  if ((values.status === 'waiting' || values.status === 'cancelled') && !values.reason) {
    throw invalidField('body.reason', {
      ja: '「待ち」と「中止」には理由を入力してください。',
      en: 'Say why it waits, or why it is cancelled.',
    })
  }
  if (values.dueOn === null && values.recurrence !== null) {
    throw invalidField('body.dueOn', {
      ja: '繰り返すタスクには期限を指定してください。',
      en: 'A recurring task needs a due day.',
    })
  }
  if (values.dueOn === null && values.dueTime !== null) {
    throw invalidField('body.dueTime', {
      ja: '時刻を指定するには、期限の日を入力してください。',
      en: 'A time needs a due day.',
    })
  }
}

/**
 * Writes changes of tasks with their history, all in the same few statements; tasks that stay as they are are left alone.
 * Done ones stand in the timeline of their customers, and recurring ones make their next.
 */
export async function writeChanges(
  ctx: Context,
  changes: readonly TaskChange[],
  { kind = 'changed', batch }: { kind?: 'changed' | 'undone'; batch?: string } = {},
): Promise<Written> {
  const written = changes.flatMap(({ task, next }) => {
    const values: TaskValues = isClosed(next) || next.status === 'waiting' ? next : { ...next, reason: null }
    const details = differences(task.values, values)
    return details ? [{ task, next: values, details }] : []
  })
  if (written.length === 0) return { changed: 0, next: new Map() }
  await update(ctx, written)
  await insertSteps(
    ctx,
    written.map(({ task, details }) => ({ task: task.id, kind, details, batch })),
  )
  await tellAssignees(
    ctx,
    written.flatMap(({ task, next }) =>
      next.assigneeId !== task.values.assigneeId && !isClosed(next)
        ? [{ id: task.id, title: next.title, assigneeId: next.assigneeId }]
        : [],
    ),
  )
  const done = written.filter(({ task, next }) => next.status === 'done' && task.values.status !== 'done')
  for (const { task, next } of done) {
    if (!next.customerId) continue
    announce(ctx, {
      type: 'task.done',
      subject: { kind: 'customer', id: next.customerId },
      payload: { title: next.title, taskId: task.id },
    })
  }
  announce(ctx, { type: 'task.changed', payload: { tasks: written.length } })
  return { changed: written.length, next: await createNext(ctx, done) }
}

export function isClosed({ status }: Pick<TaskValues, 'status'>): boolean {
  return status === 'done' || status === 'cancelled'
}

/** What is another, as it was and as it is. */
function differences(before: TaskValues, after: TaskValues): { from: JsonObject; to: JsonObject } | undefined {
  const from: JsonObject = {}
  const to: JsonObject = {}
  for (const name of Object.keys(after) as (keyof TaskValues)[]) {
    if (sameValue(before[name], after[name])) continue
    from[name] = before[name] as JsonValue
    to[name] = after[name] as JsonValue
  }
  return Object.keys(to).length > 0 ? { from, to } : undefined
}

/** Whether two values of a field are the same, whatever the order of their keys. */
export function sameValue(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_, inner) =>
      inner && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    )
  return plain(one) === plain(other)
}

async function update(ctx: Context, changes: readonly TaskChange[]): Promise<void> {
  const lines = changes.map(({ task, next }) => ({
    id: task.id,
    title: next.title,
    description: next.description,
    customer_id: next.customerId,
    assignee_id: next.assigneeId,
    due_on: next.dueOn,
    due_minute: minuteOf(next.dueTime),
    priority: next.priority,
    rank: priorities.indexOf(next.priority) + 1,
    status: next.status,
    reason: next.reason,
    checklist: next.checklist,
    recurrence: next.recurrence,
    escalate_days: next.escalateDays,
    contact: next.contact,
    // A new due day is reminded of anew.
    due_changed: task.values.dueOn !== next.dueOn || task.values.dueTime !== next.dueTime,
    late_changed: task.values.escalateDays !== next.escalateDays,
    ends: next.status === 'done' && task.values.status !== 'done',
  }))
  const { dueAt, remindAt } = momentsOf(ctx, sql`line`)
  const self = ctx.actor.kind === 'member' ? ctx.actor.id : null
  await sql`
    update task t set title = line.title, description = line.description, customer_id = line.customer_id, assignee_id = line.assignee_id,
      due_on = line.due_on, due_minute = line.due_minute, due_at = ${dueAt},
      remind_at = case when line.due_changed then ${remindAt} else t.remind_at end,
      reminded_at = case when line.due_changed then null else t.reminded_at end,
      escalated_at = case when line.due_changed or line.late_changed then null else t.escalated_at end,
      priority = line.priority, rank = line.rank, status = line.status, reason = line.reason, checklist = line.checklist,
      recurrence = line.recurrence, escalate_days = line.escalate_days, contact = line.contact,
      done_at = case when line.ends then ${ctx.now}::timestamptz when line.status = 'done' then t.done_at end,
      done_by = case when line.ends then ${self}::uuid when line.status = 'done' then t.done_by end, updated_at = ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, title text, description text, customer_id uuid,
      assignee_id uuid, due_on date, due_minute smallint, priority text, rank smallint, status text, reason text, checklist jsonb,
      recurrence jsonb, escalate_days smallint, contact text, due_changed boolean, late_changed boolean, ends boolean)
    where t.tenant_id = ${ctx.tenantId} and t.id = line.id`.execute(ctx.tx)
}

/** Makes the tasks that follow recurring ones; the key makes that opening and completing again makes no second one. */
async function createNext(ctx: Context, done: readonly TaskChange[]): Promise<Map<string, string>> {
  const repeating = done.filter(({ next }) => next.recurrence && next.dueOn)
  if (repeating.length === 0) return new Map()
  const { rows } = await sql<{ today: string }>`
    select (${ctx.now}::timestamptz at time zone company.time_zone)::date::text as today from tenant company
    where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  const { rows: linked } = await sql<{ task_id: string; kind: 'contact'; id: string }>`
    select l.task_id, l.kind, l.record_id as id from task_link l where l.tenant_id = ${ctx.tenantId}
      and l.task_id = any(${repeating.map(({ task }) => task.id)}::uuid[])`.execute(ctx.tx)
  const links = Map.groupBy(linked, ({ task_id }) => task_id)
  const drafts = repeating.flatMap(({ task, next: { status: _, reason: _reason, assigneeId, ...values } }) => {
    const dueOn = nextDue(values.recurrence!, values.dueOn!, rows[0]!.today)
    if (dueOn === undefined) return []
    // The day of the month that the rule means outlives a shorter month.
    const { recurrence } = values
    const monthDay = recurrence?.every === 'month' ? (recurrence.monthDay ?? Number(values.dueOn!.slice(8))) : undefined
    return [
      {
        done: task.id,
        ...values,
        dueOn,
        recurrence: monthDay === undefined ? recurrence : { ...recurrence!, monthDay },
        checklist: values.checklist.map(item => ({ ...item, done: false })),
        links: (links.get(task.id) ?? []).map(({ kind, id }) => ({ kind, id })),
        source: task.source,
        key: `next:${task.id}`,
        assign: assigneeId ? ({ kind: 'member', id: assigneeId } as const) : ({ kind: 'nobody' } as const),
      },
    ]
  })
  const made = await createTasks(ctx, drafts)
  return new Map(drafts.map(({ done: id }, place) => [id, made[place]!.id]))
}
