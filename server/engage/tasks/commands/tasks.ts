import { sql } from 'kysely'
import type { z } from 'zod'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, forbidden, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import type { Assignment, TaskLink } from '../contract/shapes.ts'
import type { createTask as create, updateTask as update } from '../contract/tasks.ts'
import { lockTasks, type StoredTask, type TaskValues } from '../queries/stored.ts'
import { admitAssignment, assigneesFor } from './assign.ts'
import { admitValues, isClosed, writeChanges } from './change.ts'
import { createTasks, insertLinks } from './create.ts'
import { insertSteps } from './steps.ts'

/** Makes one task. @returns its id; of the same key that of the one that there is */
export async function createTask(ctx: Context, input: z.output<typeof create.body>): Promise<string> {
  requirePermission(ctx, 'tasks.handle')
  const { customerId = null, links = [], key, ...values } = input
  const isPerson = ctx.actor.kind === 'member'
  const assign: Assignment =
    input.assign ?? (ctx.actor.kind === 'member' ? { kind: 'member', id: ctx.actor.id } : { kind: 'nobody' })
  admitValues({ ...unset, ...values, customerId, assigneeId: null })
  await admitCustomer(ctx, customerId, assign)
  await admitAssignment(ctx, assign, customerId !== null)
  await admitLinks(ctx, links)
  if (key !== undefined && isPerson) {
    throw invalidField('body.key', {
      ja: 'キーはAPIキーで作成するときにだけ使えます。',
      en: 'A key is for programs that use an API key.',
    })
  }
  const source = isPerson ? 'manual' : 'api'
  const [made] = await createTasks(ctx, [{ ...values, customerId, links, assign, source, key: key ?? null }])
  return made!.id
}

/** What a new task has where nothing is said. */
const unset: Omit<TaskValues, 'title' | 'customerId' | 'assigneeId'> = {
  description: null,
  dueOn: null,
  dueTime: null,
  priority: 'medium',
  status: 'open',
  reason: null,
  checklist: [],
  recurrence: null,
  escalateDays: null,
  contact: null,
}

/** @throws AppError `invalid_input` for a customer that cannot be seen, `forbidden` for one that others look after */
async function admitCustomer(ctx: Context, id: string | null, assign: Assignment | undefined): Promise<void> {
  if (id === null) return
  const read = requirePermission(ctx, 'customers.read')
  const handle = requirePermission(ctx, 'tasks.handle')
  const { rows } = await sql<{ may: boolean }>`
    select coalesce(${withinReach(ctx, handle)}, false) as may from customer c
    where c.tenant_id = ${ctx.tenantId} and c.id = ${id} and c.merged_into is null and ${withinReach(ctx, read)}`.execute(
    ctx.tx,
  )
  if (!rows[0]) {
    throw invalidField('body.customerId', { ja: 'その顧客は見つかりません。', en: 'There is no such customer.' })
  }
  // Whoever is asked for something by a colleague's customer may note it for themselves.
  const isOwn = assign?.kind === 'member' && assign.id === ctx.actor.id
  if (!rows[0].may && !isOwn) throw forbidden('tasks.handle')
}

const linkedTables = {
  contact: 'contact',
  contract: 'contract',
  ticket: 'ticket',
  alert: 'alert',
  milestone: 'success_plan_milestone',
  flow: 'flow',
  plan: 'success_plan',
  review: 'business_review',
} as const

/** @throws AppError `invalid_input` for a record that there is not */
async function admitLinks(ctx: Context, links: readonly TaskLink[]): Promise<void> {
  for (const [kind, own] of Map.groupBy(links, link => link.kind)) {
    const ids = [...new Set(own.map(({ id }) => id))]
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(linkedTables[kind])} r
      where r.tenant_id = ${ctx.tenantId} and r.id = any(${ids}::uuid[])`.execute(ctx.tx)
    if (rows[0]!.count === ids.length) continue
    throw invalidField('body.links', {
      ja: '関連付けるレコードが見つかりません。削除された可能性があります。',
      en: 'A linked record is not there. It may have been deleted.',
    })
  }
}

async function lockTask(ctx: Context, id: string): Promise<StoredTask> {
  requirePermission(ctx, 'tasks.handle')
  const [task] = await lockTasks(ctx, sql`t.id = ${id}`)
  if (!task) throw notFound()
  return task
}

/** Changes a task; what is not named stays. @throws AppError `not_found`, also for one that the actor may not change */
export async function updateTask(ctx: Context, id: string, input: z.output<typeof update.body>): Promise<void> {
  const task = await lockTask(ctx, id)
  const { links, assign, tick, ...fields } = input
  const next: TaskValues = { ...task.values, ...fields }
  if (fields.dueOn === null && fields.dueTime === undefined) next.dueTime = null
  if (input.customerId !== undefined && input.customerId !== task.values.customerId) {
    await admitCustomer(ctx, next.customerId, assign ?? selfOf(ctx, task))
  }
  if (assign) {
    await admitAssignment(ctx, assign, next.customerId !== null)
    next.assigneeId = (await assigneesFor(ctx, [{ id, customerId: next.customerId, assign }])).get(id) ?? null
  }
  if (tick) {
    if (!next.checklist.some(item => item.id === tick.id)) throw itemGone()
    next.checklist = next.checklist.map(item => (item.id === tick.id ? { ...item, done: tick.done } : item))
  }
  admitValues(next)
  if (links) {
    await admitLinks(ctx, links)
    await sql`delete from task_link where tenant_id = ${ctx.tenantId} and task_id = ${id}`.execute(ctx.tx)
    await insertLinks(ctx, [{ id, links }])
  }
  const { changed } = await writeChanges(ctx, [{ task, next }])
  if (changed === 0 && !links) return
  record(ctx, { action: 'task.changed', subject: { kind: 'task', id }, details: { fields: Object.keys(input) } })
}

/** Whoever has the task already keeps it. */
function selfOf(ctx: Context, task: StoredTask): Assignment | undefined {
  return task.values.assigneeId === ctx.actor.id && ctx.actor.id !== undefined
    ? { kind: 'member', id: ctx.actor.id }
    : undefined
}

function itemGone(): AppError {
  return invalidField('body.tick', {
    ja: 'その項目は見つかりません。ほかの人が削除した可能性があります。画面を読み込み直してください。',
    en: 'The item is not there; a colleague may have removed it. Reload the page.',
  })
}

/** Marks a task as done. @returns the next one, where it repeats */
export async function completeTask(ctx: Context, id: string): Promise<string | null> {
  const task = await lockTask(ctx, id)
  if (isClosed(task.values)) throw alreadyClosed()
  const { next } = await writeChanges(ctx, [{ task, next: { ...task.values, status: 'done', reason: null } }])
  record(ctx, { action: 'task.completed', subject: { kind: 'task', id } })
  return next.get(id) ?? null
}

function alreadyClosed(): AppError {
  return new AppError('conflict', {
    ja: 'このタスクはすでに完了または中止になっています。',
    en: 'This task is done or cancelled already.',
  })
}

/** Opens a task again. @throws AppError `conflict` for one that is open */
export async function reopenTask(ctx: Context, id: string): Promise<void> {
  const task = await lockTask(ctx, id)
  if (!isClosed(task.values)) {
    throw new AppError('conflict', { ja: 'このタスクは完了していません。', en: 'This task is open.' })
  }
  await writeChanges(ctx, [{ task, next: { ...task.values, status: 'open', reason: null } }])
  record(ctx, { action: 'task.reopened', subject: { kind: 'task', id } })
}

/** Deletes a task with its history. */
export async function deleteTask(ctx: Context, id: string): Promise<void> {
  const task = await lockTask(ctx, id)
  await sql`delete from task where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  record(ctx, { action: 'task.deleted', subject: { kind: 'task', id }, details: { source: task.source } })
  announce(ctx, { type: 'task.changed', payload: { tasks: 1 } })
}

/** Writes a comment. @returns its id */
export async function commentTask(ctx: Context, id: string, text: string): Promise<string> {
  await lockTask(ctx, id)
  const [step] = await insertSteps(ctx, [{ task: id, kind: 'comment', note: text }])
  record(ctx, { action: 'task.commented', subject: { kind: 'task', id } })
  announce(ctx, { type: 'task.changed', payload: { tasks: 1 } })
  return step!
}

/** Tasks of a member who left have nobody until they are given to somebody. */
export async function releaseTasks(ctx: Context, memberId: string): Promise<void> {
  requirePermission(ctx, 'tasks.handle')
  const tasks = await lockTasks(
    ctx,
    sql`t.assignee_id = ${memberId}::uuid and t.status in ('open', 'in_progress', 'waiting')`,
  )
  await writeChanges(
    ctx,
    tasks.map(task => ({ task, next: { ...task.values, assigneeId: null } })),
  )
}
