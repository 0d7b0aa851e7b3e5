import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { announce, type Context, record, requirePermission } from '../../../platform/context/context.ts'
import {
  type Assignment,
  type ChecklistItem,
  type Priority,
  priorities,
  type Recurrence,
  type TaskContact,
  type TaskLink,
  type TaskSource,
} from '../contract/shapes.ts'
import { assigneesFor } from './assign.ts'
import { insertSteps } from './steps.ts'
import { tellAssignees } from './tell.ts'

/** A task to make. */
export interface TaskDraft {
  title: string
  description?: string | null
  customerId?: string | null
  links?: readonly TaskLink[]
  dueOn?: string | null
  /** HH:MM in the company's time zone. */
  dueTime?: string | null
  priority?: Priority
  checklist?: readonly ChecklistItem[]
  recurrence?: Recurrence | null
  escalateDays?: number | null
  contact?: TaskContact | null
  source: TaskSource
  /** Of the same source and key there is one task. */
  key?: string | null
  assign: Assignment
  batchId?: string
}

export interface MadeTask {
  id: string
  /** False: there was one of the same cause, and this is its id. */
  isNew: boolean
  assigneeId: string | null
}

/**
 * Makes tasks, all in the same few statements however many they are, and tells who got them. What the drafts name
 * (customers, members, linked records) is taken as it is: whoever calls has looked at it.
 * @returns what became of each draft, in their order
 */
export async function createTasks(ctx: Context, drafts: readonly TaskDraft[]): Promise<MadeTask[]> {
  requirePermission(ctx, 'tasks.handle')
  if (drafts.length === 0) return []
  const lines = drafts.map(draft => ({ ...draft, id: uuidv7() }))
  const fresh = await insertTasks(ctx, lines)
  const made = lines.filter(({ id }) => fresh.has(id))
  const assignees = await assigneesFor(
    ctx,
    made.map(({ id, customerId, assign }) => ({ id, customerId: customerId ?? null, assign })),
  )
  await sql`
    update task t set assignee_id = line.assignee_id
    from jsonb_to_recordset(${JSON.stringify([...assignees].map(([id, assignee_id]) => ({ id, assignee_id })))}::jsonb) as line (
      id uuid, assignee_id uuid)
    where t.tenant_id = ${ctx.tenantId} and t.id = line.id and line.assignee_id is not null`.execute(ctx.tx)
  await insertLinks(ctx, made)
  await insertSteps(
    ctx,
    made.map(({ id }) => ({ task: id, kind: 'created' })),
  )
  await tellAssignees(
    ctx,
    made.map(({ id, title }) => ({ id, title, assigneeId: assignees.get(id) ?? null })),
  )
  if (made.length > 0) {
    record(ctx, {
      action: made.length === 1 ? 'task.created' : 'tasks.created',
      ...(made.length === 1 && { subject: { kind: 'task', id: made[0]!.id } }),
      details: { tasks: made.length, source: made[0]!.source },
    })
    announce(ctx, { type: 'task.created', payload: { tasks: made.length } })
  }
  const known = await knownCauses(
    ctx,
    lines.filter(({ id }) => !fresh.has(id)),
  )
  return lines.map(({ id, source, key }) =>
    fresh.has(id)
      ? { id, isNew: true, assigneeId: assignees.get(id) ?? null }
      : { id: known.get(`${source} ${key}`) ?? id, isNew: false, assigneeId: null },
  )
}

type Line = TaskDraft & { id: string }

/** When a task is due, and when to remind of it: a day before, of a whole day at nine. Of columns `due_on` and `due_minute`. */
export function momentsOf(
  ctx: Context,
  line: RawBuilder<unknown>,
): { dueAt: RawBuilder<unknown>; remindAt: RawBuilder<unknown> } {
  const zone = sql`(select company.time_zone from tenant company where company.id = ${ctx.tenantId})`
  const at = (minute: RawBuilder<unknown>) =>
    sql`((${line}.due_on + make_interval(mins => ${minute})) at time zone ${zone})`
  const reminder = sql`${at(sql`coalesce(${line}.due_minute, 540)::int`)} - interval '24 hours'`
  return {
    dueAt: at(sql`coalesce(${line}.due_minute, 1440)::int`),
    // What is due within a day already needs no reminder of it.
    remindAt: sql`case when ${reminder} > ${ctx.now}::timestamptz then ${reminder} end`,
  }
}

/** Minutes of the day. */
export function minuteOf(time: string | null | undefined): number | null {
  return time ? Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) : null
}

/** @returns the ids of those that are new */
async function insertTasks(ctx: Context, lines: readonly Line[]): Promise<Set<string>> {
  const values = lines.map(line => ({
    id: line.id,
    title: line.title,
    description: line.description ?? null,
    customer_id: line.customerId ?? null,
    due_on: line.dueOn ?? null,
    due_minute: line.dueOn ? minuteOf(line.dueTime) : null,
    priority: line.priority ?? 'medium',
    rank: priorities.indexOf(line.priority ?? 'medium') + 1,
    checklist: line.checklist ?? [],
    recurrence: line.recurrence ?? null,
    source: line.source,
    source_key: line.key ?? null,
    escalate_days: line.escalateDays ?? null,
    batch_id: line.batchId ?? null,
    contact: line.contact ?? null,
  }))
  const { dueAt, remindAt } = momentsOf(ctx, sql`line`)
  const { rows } = await sql<{ id: string }>`
    insert into task (tenant_id, id, title, description, customer_id, due_on, due_minute, due_at, remind_at, priority, rank, status,
      checklist, recurrence, source, source_key, escalate_days, batch_id, contact, created_by, created_at,
      updated_at)
    select ${ctx.tenantId}, line.id, line.title, line.description, line.customer_id, line.due_on, line.due_minute, ${dueAt}, ${remindAt},
      line.priority, line.rank, 'open', line.checklist, line.recurrence, line.source, line.source_key, line.escalate_days, line.batch_id,
      line.contact, ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now}, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as line (id uuid, title text, description text, customer_id uuid,
      due_on date, due_minute smallint, priority text, rank smallint, checklist jsonb, recurrence jsonb, source text, source_key text,
      escalate_days smallint, batch_id uuid, contact text)
    on conflict do nothing returning id`.execute(ctx.tx)
  return new Set(rows.map(row => row.id))
}

/** Links tasks to the records that they are about. */
export async function insertLinks(ctx: Context, tasks: readonly Pick<Line, 'id' | 'links'>[]): Promise<void> {
  const links = tasks.flatMap(({ id, links: own }) =>
    (own ?? []).map(link => ({ task: id, kind: link.kind, record: link.id })),
  )
  if (links.length === 0) return
  await sql`
    insert into task_link (tenant_id, task_id, kind, record_id)
    select ${ctx.tenantId}, line.task, line.kind, line.record
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as line (task uuid, kind text, record uuid)
    on conflict do nothing`.execute(ctx.tx)
}

/** The tasks that were made of the same causes before. */
async function knownCauses(ctx: Context, lines: readonly Line[]): Promise<Map<string, string>> {
  if (lines.length === 0) return new Map()
  const causes = lines.map(({ source, key }) => ({ source, key }))
  const { rows } = await sql<{ id: string; cause: string }>`
    select t.id, t.source || ' ' || t.source_key as cause
    from jsonb_to_recordset(${JSON.stringify(causes)}::jsonb) as line (source text, key text)
    join task t on t.tenant_id = ${ctx.tenantId} and t.source = line.source and t.source_key = line.key`.execute(ctx.tx)
  return new Map(rows.map(row => [row.cause, row.id]))
}
