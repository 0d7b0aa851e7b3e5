import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { TaskSettings } from '../contract/settings.ts'
import type { ChecklistItem, Priority, Recurrence, TaskContact, TaskSource, TaskStatus } from '../contract/shapes.ts'
import { timeText } from './fields.ts'
import { mayChange, visible } from './reach.ts'

/** What can be changed of a task. */
export interface TaskValues {
  title: string
  description: string | null
  customerId: string | null
  assigneeId: string | null
  dueOn: string | null
  dueTime: string | null
  priority: Priority
  status: TaskStatus
  reason: string | null
  checklist: ChecklistItem[]
  recurrence: Recurrence | null
  escalateDays: number | null
  contact: TaskContact | null
}

export interface StoredTask {
  id: string
  source: TaskSource
  customerName: string | null
  values: TaskValues
}

/** Locks tasks that the actor may see and change, in one order. @param which a condition on `t` */
export async function lockTasks(ctx: Context, which: RawBuilder<boolean>): Promise<StoredTask[]> {
  const { rows } = await sql<StoredTask>`
    select t.id, t.source, (select c.name from customer c where c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id) as "customerName",
      jsonb_build_object('title', t.title, 'description', t.description, 'customerId', t.customer_id, 'assigneeId', t.assignee_id,
        'dueOn', t.due_on, 'dueTime', ${timeText(sql`t.due_minute`)}, 'priority', t.priority, 'status', t.status, 'reason', t.reason,
        'checklist', t.checklist, 'recurrence', t.recurrence, 'escalateDays', t.escalate_days, 'contact', t.contact) as values
    from task t where t.tenant_id = ${ctx.tenantId} and ${which} and ${visible(ctx)} and ${mayChange(ctx)}
    order by t.id for update of t`.execute(ctx.tx)
  return rows
}

/** As the product has it while a company has chosen nothing. */
const preset: TaskSettings = { leadHot: true, customerChurned: true, escalateDays: 3 }

/** Which rules make tasks, and when a lead is told. */
export async function taskSettings(ctx: Context): Promise<TaskSettings> {
  const { rows } = await sql<TaskSettings>`
    select lead_hot as "leadHot", customer_churned as "customerChurned", escalate_days as "escalateDays" from task_settings
    where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0] ?? preset
}
