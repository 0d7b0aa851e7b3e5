import { sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { type NewNotice, notify } from '../../notices/commands/notify.ts'
import { isActive } from '../queries/fields.ts'
import { noticeWords } from '../words.ts'
import { insertSteps } from './steps.ts'

/** Tasks of one receiver that are told one by one; of more they are told once of all. */
const mostSingle = 3
/** Tasks that a notice about many names. */
const mostNamed = 10

interface Told {
  id: string
  title: string
}

function notices(
  ctx: Context,
  member: string,
  tasks: readonly Told[],
  about: {
    what: string
    severity: NewNotice['severity']
    one(title: string): Words
    many(count: number): Words
    /** The page that shows many of them. */
    page: string
  },
): NewNotice[] {
  const base = { topic: 'handling', severity: about.severity, to: { members: [member] } } as const
  if (tasks.length <= mostSingle) {
    return tasks.map(({ id, title }) => ({
      ...base,
      title: about.one(title),
      text: { ja: title, en: title },
      link: `/tasks?open=${id}`,
      key: `task:${id}:${about.what}:${member}:${ctx.now.toISOString()}`,
    }))
  }
  const names = tasks.slice(0, mostNamed).map(({ title }) => title)
  const more = tasks.length - names.length
  return [
    {
      ...base,
      title: about.many(tasks.length),
      text: {
        ja: `${names.join('、')}${more > 0 ? `、ほか${more}件` : ''}`,
        en: `${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
      },
      link: about.page,
      key: `tasks:${about.what}:${member}:${tasks[0]!.id}:${ctx.now.toISOString()}`,
    },
  ]
}

/** Tells colleagues what they were given, unless they took it themselves. */
export async function tellAssignees(
  ctx: Context,
  tasks: readonly (Told & { assigneeId: string | null })[],
): Promise<void> {
  const others = tasks.filter(({ assigneeId }) => assigneeId !== null && assigneeId !== ctx.actor.id)
  const words = { one: noticeWords.assigned, many: noticeWords.assignedMany }
  await notify(
    ctx,
    [...Map.groupBy(others, ({ assigneeId }) => assigneeId!)].flatMap(([member, own]) =>
      notices(ctx, member, own, { what: 'assigned', severity: 'medium', page: '/tasks', ...words }),
    ),
  )
}

/** Reminds of what is due within 24 hours, once. @returns how many */
export async function remindOfTasks(ctx: Context): Promise<number> {
  const { rows } = await sql<Told & { assignee: string }>`
    update task t set reminded_at = ${ctx.now}
    where t.tenant_id = ${ctx.tenantId} and ${isActive} and t.remind_at <= ${ctx.now} and t.reminded_at is null
      and t.due_at > ${ctx.now} and t.assignee_id is not null
    returning t.id, t.title, t.assignee_id as assignee`.execute(ctx.tx)
  const words = { one: noticeWords.due, many: noticeWords.dueMany }
  await notify(
    ctx,
    [...Map.groupBy(rows, ({ assignee }) => assignee)].flatMap(([member, own]) =>
      notices(ctx, member, own, { what: 'due', severity: 'medium', page: '/tasks', ...words }),
    ),
  )
  await insertSteps(
    ctx,
    rows.map(({ id }) => ({ task: id, kind: 'reminded' })),
  )
  return rows.length
}

/**
 * Tells of tasks that are late by more days than the task or the company allows, once: the CS managers in the teams of
 * whom it was given to, else the heads of CS, else the administrators. @returns how many
 */
export async function escalateTasks(ctx: Context, preset: number | null): Promise<number> {
  const { rows } = await sql<Told & { leads: string[] }>`
    with late as (
      update task t set escalated_at = ${ctx.now}
      where t.tenant_id = ${ctx.tenantId} and ${isActive} and t.escalated_at is null
        and t.due_at + make_interval(days => coalesce(t.escalate_days, ${preset}::smallint)::int) <= ${ctx.now}
      returning t.id, t.title, t.customer_id, t.assignee_id),
    asked as (
      select late.id, late.title, coalesce(late.assignee_id, c.owner_id) as member
      from late left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = late.customer_id),
    above as (
      select m.id, m.role from member m where m.tenant_id = ${ctx.tenantId} and m.role in ('head_of_cs', 'administrator'))
    select asked.id, asked.title, coalesce(
      (select array_agg(distinct m.id::text) from team_member own
        join team_member beside on beside.tenant_id = ${ctx.tenantId} and beside.team_id = own.team_id
        join member m on m.tenant_id = ${ctx.tenantId} and m.id = beside.member_id and m.role = 'cs_manager'
        where own.tenant_id = ${ctx.tenantId} and own.member_id = asked.member and m.id <> asked.member),
      (select array_agg(above.id::text) from above where above.role = 'head_of_cs' and above.id is distinct from asked.member),
      (select array_agg(above.id::text) from above where above.role = 'administrator' and above.id is distinct from asked.member),
      '{}') as leads
    from asked`.execute(ctx.tx)
  const told = rows.flatMap(({ leads, ...task }) => leads.map(lead => ({ ...task, lead })))
  const words = { one: noticeWords.late, many: noticeWords.lateMany }
  await notify(
    ctx,
    [...Map.groupBy(told, ({ lead }) => lead)].flatMap(([member, own]) =>
      notices(ctx, member, own, {
        what: 'late',
        severity: 'high',
        page: '/tasks?view=list&mine=team&late=true',
        ...words,
      }),
    ),
  )
  await insertSteps(
    ctx,
    rows.map(({ id }) => ({ task: id, kind: 'escalated' })),
  )
  return rows.length
}
