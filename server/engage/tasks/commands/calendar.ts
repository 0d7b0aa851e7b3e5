import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { newToken } from '../../../platform/secrets/token.ts'

/** A person has so many addresses at most. */
const most = 10

/** The actor as a member. @throws AppError `forbidden` for programs */
export function requirePerson(ctx: Context): string {
  requirePermission(ctx, 'customers.read')
  if (ctx.actor.kind === 'member') return ctx.actor.id
  throw new AppError('forbidden', {
    ja: 'カレンダーのURLは人のためのものです。APIキーでは利用できません。',
    en: 'Calendar addresses are for people; an API key has none.',
  })
}

/** Makes an address for a calendar. @returns the address, which is kept nowhere */
export async function createCalendarLink(ctx: Context, name: string): Promise<{ id: string; address: string }> {
  const member = requirePerson(ctx)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from task_calendar
    where tenant_id = ${ctx.tenantId} and member_id = ${member}::uuid and revoked_at is null`.execute(ctx.tx)
  if (rows[0]!.count >= most) {
    throw new AppError('conflict', {
      ja: `カレンダーのURLは${most}個までです。使っていないものを無効にしてください。`,
      en: `You have ${most} calendar addresses. Revoke those that you do not use.`,
    })
  }
  const id = uuidv7()
  const token = newToken('calendar', ctx.tenantId)
  await sql`
    insert into task_calendar (tenant_id, id, member_id, name, token_hash, created_at)
    values (${ctx.tenantId}, ${id}, ${member}::uuid, ${name}, ${token.hash}, ${ctx.now})`.execute(ctx.tx)
  record(ctx, { action: 'task_calendar.created', subject: { kind: 'task_calendar', id } })
  return { id, address: `${ctx.installation.address}/api/v1/tasks/calendar.ics?token=${token.text}` }
}

/** Makes one of one's own addresses useless. @throws AppError `not_found` */
export async function revokeCalendarLink(ctx: Context, id: string): Promise<void> {
  const member = requirePerson(ctx)
  const { numAffectedRows } = await sql`
    update task_calendar set revoked_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and member_id = ${member}::uuid and revoked_at is null`.execute(
    ctx.tx,
  )
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, { action: 'task_calendar.revoked', subject: { kind: 'task_calendar', id } })
}
