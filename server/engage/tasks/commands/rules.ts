import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import type { TaskSettings } from '../contract/settings.ts'
import { taskSettings } from '../queries/stored.ts'
import { churnedWords, hotLeadWords } from '../words.ts'
import { createTasks } from './create.ts'

/** Days in which what a rule asks for is due. */
const [leadDays, churnDays] = [1, 3]

/** Chooses which rules make tasks, and when a lead is told of late ones. */
export async function changeTaskSettings(ctx: Context, settings: TaskSettings): Promise<TaskSettings> {
  requirePermission(ctx, 'alerts.manage')
  await sql`
    insert into task_settings (tenant_id, lead_hot, customer_churned, escalate_days, updated_at)
    values (${ctx.tenantId}, ${settings.leadHot}, ${settings.customerChurned}, ${settings.escalateDays}, ${ctx.now})
    on conflict (tenant_id) do update set lead_hot = excluded.lead_hot, customer_churned = excluded.customer_churned,
      escalate_days = excluded.escalate_days, updated_at = excluded.updated_at`.execute(ctx.tx)
  record(ctx, { action: 'task_settings.changed', details: { ...settings } })
  return settings
}

async function companyOf(ctx: Context, days: number): Promise<{ locale: Locale; due: string }> {
  const { rows } = await sql<{ locale: Locale; due: string }>`
    select company.locale, ((${ctx.now}::timestamptz at time zone company.time_zone)::date + ${days}::int)::text as due
    from tenant company where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!
}

function itemsOf(texts: readonly string[]) {
  return texts.map(text => ({ id: randomUUID(), text, done: false }))
}

/**
 * Makes a task for each lead that got hot at a moment, for whom it was given to. The moment is part of the key: a lead that
 * gets hot again later is a new reason to call.
 * @param id one lead; without it all that got hot then
 */
export async function taskOfHotLeads(ctx: Context, at: string, id?: string): Promise<void> {
  requirePermission(ctx, 'tasks.handle')
  if (!(await taskSettings(ctx)).leadHot) return
  const { rows } = await sql<{
    id: string
    name: string
    company: string | null
    customer_id: string | null
    assignee: string | null
  }>`
    select k.id, k.name, k.company, k.customer_id, s.assignee_id as assignee
    from lead_score_state s join contact k on k.tenant_id = ${ctx.tenantId} and k.id = s.contact_id and k.merged_into is null
    where s.tenant_id = ${ctx.tenantId} and ${id ? sql`s.contact_id = ${id}::uuid` : sql`s.changed_at = ${at}::timestamptz and s.hot_since = ${at}::timestamptz`}
    order by s.score desc, k.id`.execute(ctx.tx)
  const { locale, due } = await companyOf(ctx, leadDays)
  await createTasks(
    ctx,
    rows.map(lead => {
      const words = hotLeadWords(locale, lead)
      return {
        ...words,
        checklist: itemsOf(words.checklist),
        customerId: lead.customer_id,
        links: [{ kind: 'contact', id: lead.id }],
        dueOn: due,
        priority: 'high',
        source: 'lead',
        key: `${lead.id}:${at}`,
        assign: lead.assignee ? { kind: 'member', id: lead.assignee } : { kind: 'nobody' },
      }
    }),
  )
}

/** Makes a task for the CSM of a customer that churned: ask why, and win it back. Once a day, however often it turns. */
export async function taskOfChurned(ctx: Context, customerId: string): Promise<void> {
  requirePermission(ctx, 'tasks.handle')
  if (!(await taskSettings(ctx)).customerChurned) return
  const { rows } = await sql<{ name: string }>`
    select c.name from customer c where c.tenant_id = ${ctx.tenantId} and c.id = ${customerId} and c.merged_into is null`.execute(
    ctx.tx,
  )
  if (!rows[0]) return
  const { locale, due } = await companyOf(ctx, churnDays)
  const words = churnedWords(locale, rows[0].name)
  await createTasks(ctx, [
    {
      ...words,
      checklist: itemsOf(words.checklist),
      customerId,
      dueOn: due,
      priority: 'high',
      source: 'churn',
      key: `${customerId}:${due}`,
      assign: { kind: 'owner' },
    },
  ])
}
