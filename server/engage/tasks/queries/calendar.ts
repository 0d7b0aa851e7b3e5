import { sql } from 'kysely'
import { type Context, tenantIdOf } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import { type Role, scopeOf } from '../../../platform/permissions/contract.ts'
import { readToken } from '../../../platform/secrets/token.ts'
import type { AccountContext } from '../../../platform/tenancy/transaction.ts'
import { type CalendarTask, calendarOf } from '../calendar.ts'
import { isActive } from './fields.ts'

/** A calendar shows so many at most: those due first. */
const most = 1_000

/**
 * The open tasks of a member with a due day, as iCalendar, for whoever has the secret of the address.
 * @throws AppError `not_found` for a secret that is none, was revoked, or whose member left
 */
export async function calendarFor(account: AccountContext, text: string): Promise<string> {
  const token = readToken('calendar', text)
  if (!token?.tenantId) throw notFound()
  const ctx = await account.enter(tenantIdOf(token.tenantId), { kind: 'person', id: undefined })
  const { rows } = await sql<{ member: string; role: Role; locale: Locale }>`
    update task_calendar link set last_used_at = ${ctx.now}
    from member m join app_user u on u.id = m.user_id
    where link.tenant_id = ${ctx.tenantId} and link.token_hash = ${token.hash} and link.revoked_at is null
      and m.tenant_id = ${ctx.tenantId} and m.id = link.member_id
    returning m.id as member, m.role, u.locale`.execute(ctx.tx)
  const [owner] = rows
  if (!owner || !scopeOf(owner.role, 'customers.read')) throw notFound()
  const tasks = await tasksOf(ctx, owner.member)
  return calendarOf(tasks, { address: ctx.installation.address, locale: owner.locale, now: ctx.now })
}

async function tasksOf(ctx: Context, member: string): Promise<CalendarTask[]> {
  const { rows } = await sql<CalendarTask>`
    select t.id, t.title, t.description, c.name as customer, t.due_on::text as "dueOn", t.priority, t.updated_at as "updatedAt",
      case when t.due_minute is not null then t.due_at end as "dueAt"
    from task t left join customer c on c.tenant_id = ${ctx.tenantId} and c.id = t.customer_id
    where t.tenant_id = ${ctx.tenantId} and t.assignee_id = ${member}::uuid and ${isActive} and t.due_on is not null
    order by t.due_at, t.id limit ${most}`.execute(ctx.tx)
  return rows
}

/** One's own addresses for calendars. */
export async function calendarLinks(ctx: Context, member: string) {
  const { rows } = await sql<{ id: string; name: string; createdAt: Date; lastUsedAt: Date | null }>`
    select id, name, created_at as "createdAt", last_used_at as "lastUsedAt" from task_calendar
    where tenant_id = ${ctx.tenantId} and member_id = ${member}::uuid and revoked_at is null order by created_at, id`.execute(
    ctx.tx,
  )
  return {
    items: rows.map(row => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    })),
  }
}
