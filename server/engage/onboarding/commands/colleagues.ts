import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import { isClosed, writeChanges } from '../../tasks/commands/change.ts'
import { createTasks } from '../../tasks/commands/create.ts'
import type { Assignment, TaskStatus } from '../../tasks/contract/shapes.ts'
import { lockTasks } from '../../tasks/queries/stored.ts'
import type { JourneyDefinition, JourneyRole } from '../contract/definition.ts'

/** The language in which colleagues of a company are told what to do. */
export async function companyLocale(ctx: Context): Promise<Locale> {
  const { rows } = await sql<{ locale: Locale }>`
    select company.locale from tenant company where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!.locale
}

/** Whoever has the role in the journey; else the CSM. */
export function assignmentOf(people: Partial<Record<JourneyRole, string>>, role: JourneyRole): Assignment {
  const member = people[role]
  return member ? { kind: 'member', id: member } : { kind: 'owner' }
}

/** Makes the tasks of colleagues for the phases that journeys are in and for those before: each once. */
export async function makeTasks(ctx: Context, journeys: readonly string[]): Promise<void> {
  if (journeys.length === 0) return
  const { rows } = await sql<{
    journey: string
    key: string
    role: JourneyRole
    due_on: string
    customer_id: string
    people: Partial<Record<JourneyRole, string>>
    words: JourneyDefinition['tasks'][number]
  }>`
    select t.journey_id as journey, t.key, t.role, t.due_on::text, j.customer_id, j.people, v.definition -> 'tasks' -> t.place::int as words
    from onboarding_task t
    join onboarding_journey j on j.tenant_id = ${ctx.tenantId} and j.id = t.journey_id
    join onboarding_phase p on p.tenant_id = ${ctx.tenantId} and p.journey_id = j.id and p.key = t.phase and p.entered_on is not null
    join onboarding_template_version v on v.tenant_id = ${ctx.tenantId} and v.template_id = j.template_id and v.version = j.version
    where t.tenant_id = ${ctx.tenantId} and t.journey_id = any(${journeys}::uuid[]) and t.role <> 'customer' and t.task_id is null
      and t.done_on is null
    order by t.journey_id, t.place`.execute(ctx.tx)
  if (rows.length === 0) return
  const locale = await companyLocale(ctx)
  const made = await createTasks(
    ctx,
    rows.map(({ journey, key, role, due_on, customer_id, people, words }) => ({
      title: locale === 'ja' ? words.titleJa : words.titleEn,
      description: (locale === 'ja' ? words.descriptionJa : words.descriptionEn) || null,
      customerId: customer_id,
      dueOn: due_on,
      priority: words.required ? 'high' : 'medium',
      source: 'flow',
      key: `onboarding:${journey}:${key}`,
      assign: assignmentOf(people, role),
    })),
  )
  const lines = rows.map(({ journey, key }, place) => ({ journey, key, task: made[place]!.id }))
  await sql`
    update onboarding_task t set task_id = line.task
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (journey uuid, key text, task uuid)
    where t.tenant_id = ${ctx.tenantId} and t.journey_id = line.journey and t.key = line.key`.execute(ctx.tx)
}

/** What colleagues ticked counts in the journey, what they opened again no longer does, and the other way about. */
export async function followTasks(ctx: Context, only: readonly string[] | undefined): Promise<void> {
  const running = sql`j.tenant_id = ${ctx.tenantId} and j.id = o.journey_id and j.status = 'running'
    and ${only ? sql`j.id = any(${only}::uuid[])` : sql`true`}`
  await sql`
    with ticked as (
      update onboarding_task o set done_on = ${today(ctx)}, done_at = coalesce(t.done_at, ${ctx.now}), done_how = 'person', done_by = t.done_by
      from task t, onboarding_journey j
      where o.tenant_id = ${ctx.tenantId} and t.tenant_id = ${ctx.tenantId} and t.id = o.task_id and ${running}
        and o.done_on is null and t.status = 'done'
      returning o.journey_id, o.key, t.done_by)
    insert into onboarding_step (tenant_id, id, journey_id, at, kind, actor_id, actor_kind, subject)
    select ${ctx.tenantId}, gen_random_uuid(), ticked.journey_id, ${ctx.now}, 'task_done', ticked.done_by,
      case when ticked.done_by is null then 'system' else 'member' end, ticked.key from ticked
    on conflict do nothing`.execute(ctx.tx)
  await sql`
    update onboarding_task o set done_on = null, done_at = null, done_how = null, done_by = null
    from task t, onboarding_journey j
    where o.tenant_id = ${ctx.tenantId} and t.tenant_id = ${ctx.tenantId} and t.id = o.task_id and ${running}
      and o.done_on is not null and o.done_how = 'person' and t.status in ('open', 'in_progress', 'waiting')
      and t.updated_at > o.done_at`.execute(ctx.tx)
  const { rows } = await sql<{ id: string }>`
    select o.task_id as id from onboarding_task o, task t, onboarding_journey j
    where o.tenant_id = ${ctx.tenantId} and t.tenant_id = ${ctx.tenantId} and t.id = o.task_id and ${running}
      and o.done_on is not null and t.status in ('open', 'in_progress', 'waiting')`.execute(ctx.tx)
  await setTasks(
    ctx,
    rows.map(({ id }) => id),
    'done',
  )
}

/** Sets tasks of colleagues to a status; those that are closed already stay as they are, unless they are opened. */
export async function setTasks(
  ctx: Context,
  ids: readonly string[],
  status: TaskStatus,
  reason: string | null = null,
): Promise<void> {
  if (ids.length === 0) return
  const tasks = await lockTasks(ctx, sql`t.id = any(${ids}::uuid[])`)
  await writeChanges(
    ctx,
    tasks
      .filter(({ values }) => isClosed(values) === (status === 'open'))
      .map(task => ({ task, next: { ...task.values, status, reason } })),
  )
}
