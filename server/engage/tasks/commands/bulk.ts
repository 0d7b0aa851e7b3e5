import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { type CustomerFilter, matchingIds } from '../../../customers/accounts/queries/customers.ts'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, invalidField, notFound } from '../../../platform/errors/app-error.ts'
import { type bulkChangeTasks as change, type bulkCreateTasks as create, mostCreated } from '../contract/bulk.ts'
import type { Assignment } from '../contract/shapes.ts'
import { lockTasks, type TaskValues } from '../queries/stored.ts'
import { admitAssignment, assigneesFor } from './assign.ts'
import { admitValues, sameValue, writeChanges } from './change.ts'
import { createTasks } from './create.ts'

interface Selection {
  ids?: string[] | undefined
  segmentId?: string | undefined
  matching?: CustomerFilter | undefined
}

/** Makes the same task for many customers; with `dryRun` only counts them. Customers out of reach are left out. */
export async function bulkCreateTasks(ctx: Context, { task, dryRun, ...selection }: z.output<typeof create.body>) {
  requirePermission(ctx, 'tasks.handle')
  const assign: Assignment = task.assign ?? { kind: 'owner' }
  admitValues({ status: 'open', reason: null, dueOn: null, dueTime: null, recurrence: null, ...task } as TaskValues)
  await admitAssignment(ctx, assign, true)
  const customers = await meant(ctx, selection)
  if (customers.length > mostCreated) {
    throw new AppError('invalid_input', {
      ja: `対象が${customers.length}社あります。一度に作成できるのは${mostCreated}件までです。条件を絞り込んでください。`,
      en: `${customers.length} customers are meant; at most ${mostCreated} tasks are made at once. Narrow the selection down.`,
    })
  }
  const result = {
    batchId: null,
    customers: customers.length,
    created: 0,
    nobody: assign.kind === 'owner' ? customers.filter(({ owner_id }) => owner_id === null).length : 0,
    samples: customers.slice(0, 5).map(({ name }) => name),
  }
  if (dryRun || customers.length === 0) return result
  const batchId = uuidv7()
  const source = ctx.actor.kind === 'member' ? 'manual' : 'api'
  const made = await createTasks(
    ctx,
    customers.map(({ id }) => ({ ...task, customerId: id, assign, source, batchId })),
  )
  return {
    ...result,
    batchId,
    created: made.length,
    nobody: made.filter(({ assigneeId }) => assigneeId === null).length,
  }
}

/** The customers of a selection for which the actor may make tasks. @throws AppError `invalid_input` unless there is one selection */
async function meant(ctx: Context, { ids, segmentId, matching }: Selection) {
  if ([ids, segmentId, matching].filter(each => each !== undefined).length !== 1) {
    throw invalidField('body.ids', {
      ja: '対象の顧客を ids、segmentId、matching のいずれか一つで指定してください。',
      en: 'Say which customers are meant: one of `ids`, `segmentId` and `matching`.',
    })
  }
  const which: RawBuilder<unknown> = segmentId
    ? sql`select x.record_id from segment_member x join segment s on s.tenant_id = ${ctx.tenantId} and s.id = x.segment_id and s.record = 'customer'
        where x.tenant_id = ${ctx.tenantId} and x.segment_id = ${segmentId}::uuid`
    : sql`select unnest(${ids ?? (await matchingIds(ctx, matching!))}::uuid[])`
  const [read, handle] = [requirePermission(ctx, 'customers.read'), requirePermission(ctx, 'tasks.handle')]
  const { rows } = await sql<{ id: string; name: string; owner_id: string | null }>`
    select c.id, c.name, c.owner_id from customer c
    where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.id in (${which}) and ${withinReach(ctx, read)} and ${withinReach(ctx, handle)}
    order by c.id`.execute(ctx.tx)
  return rows
}

/** Changes many tasks at once; those out of reach, and those that are so already, stay as they are. */
export async function bulkChangeTasks(ctx: Context, { ids, assign, ...fields }: z.output<typeof change.body>) {
  requirePermission(ctx, 'tasks.handle')
  const wanted = [...new Set(ids)]
  const tasks = await lockTasks(ctx, sql`t.id = any(${wanted}::uuid[])`)
  if (assign) await admitAssignment(ctx, assign, true)
  const assignees =
    assign &&
    (await assigneesFor(
      ctx,
      tasks.map(({ id, values }) => ({ id, customerId: values.customerId, assign })),
    ))
  const changes = tasks.map(task => {
    const next: TaskValues = { ...task.values, ...fields }
    if (next.dueOn === null) next.dueTime = null
    // Where the rule finds nobody, whoever has it keeps it.
    if (assignees)
      next.assigneeId = assignees.get(task.id) ?? (assign.kind === 'nobody' ? null : task.values.assigneeId)
    // A recurring task without a due day is refused where it is one; of many it keeps its day.
    if (next.dueOn === null && next.recurrence !== null) next.dueOn = task.values.dueOn
    admitValues(next)
    return { task, next }
  })
  const batchId = uuidv7()
  const { changed } = await writeChanges(ctx, changes, { batch: batchId })
  if (changed > 0) {
    record(ctx, {
      action: 'tasks.bulk_changed',
      details: { tasks: changed, fields: [...Object.keys(fields), ...(assign ? ['assign'] : [])] },
    })
  }
  return { batchId: changed > 0 ? batchId : null, changed, unchanged: wanted.length - changed }
}

/** Takes one's own bulk creation or change back; what somebody changed since stays. @throws AppError `not_found` */
export async function undoTasks(ctx: Context, batchId: string): Promise<number> {
  requirePermission(ctx, 'tasks.handle')
  const created = await undoCreation(ctx, batchId)
  const changed = created ?? (await undoChange(ctx, batchId))
  record(ctx, { action: 'tasks.undone', details: { tasks: changed } })
  announce(ctx, { type: 'task.changed', payload: { tasks: changed } })
  return changed
}

/** @returns how many tasks were deleted; undefined where the batch made none */
async function undoCreation(ctx: Context, batchId: string): Promise<number | undefined> {
  const self = ctx.actor.id ?? null
  const { rows } = await sql<{ known: number; deleted: number }>`
    with made as (select t.id, t.created_at = t.updated_at as untouched from task t
      where t.tenant_id = ${ctx.tenantId} and t.batch_id = ${batchId}::uuid and t.created_by = ${self}::uuid),
    gone as (delete from task t using made where t.tenant_id = ${ctx.tenantId} and t.id = made.id and made.untouched returning 1)
    select (select count(*)::int from made) as known, (select count(*)::int from gone) as deleted`.execute(ctx.tx)
  return rows[0]!.known > 0 ? rows[0]!.deleted : undefined
}

async function undoChange(ctx: Context, batchId: string): Promise<number> {
  const { rows } = await sql<{ task_id: string; details: { from: Partial<TaskValues>; to: Partial<TaskValues> } }>`
    select s.task_id, s.details from task_step s
    where s.tenant_id = ${ctx.tenantId} and s.batch_id = ${batchId}::uuid and s.kind = 'changed' and s.actor_id = ${ctx.actor.id ?? null}::uuid
      and not exists (select 1 from task_step u where u.tenant_id = ${ctx.tenantId} and u.batch_id = ${batchId}::uuid and u.kind = 'undone'
        and u.task_id = s.task_id)`.execute(ctx.tx)
  if (rows.length === 0) throw notFound()
  const steps = new Map(rows.map(row => [row.task_id, row.details]))
  const tasks = await lockTasks(ctx, sql`t.id = any(${[...steps.keys()]}::uuid[])`)
  const changes = tasks.flatMap(task => {
    const { from, to } = steps.get(task.id)!
    const untouched = Object.entries(to).every(([name, value]) =>
      sameValue(task.values[name as keyof TaskValues], value),
    )
    return untouched ? [{ task, next: { ...task.values, ...from } }] : []
  })
  await takeBackNext(
    ctx,
    changes.filter(({ task }) => task.values.status === 'done').map(({ task }) => task.id),
  )
  return (await writeChanges(ctx, changes, { kind: 'undone', batch: batchId })).changed
}

/** What followed recurring tasks that are open again goes, where nobody has touched it. */
async function takeBackNext(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from task t where t.tenant_id = ${ctx.tenantId} and t.created_at = t.updated_at
    and t.source_key = any(${ids.map(id => `next:${id}`)}::text[])`.execute(ctx.tx)
}
