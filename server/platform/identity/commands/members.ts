import { sql } from 'kysely'
import { announce, type Context, record, requirePermission } from '../../context/context.ts'
import { AppError, notFound } from '../../errors/app-error.ts'
import { type Role, scopeOf } from '../../permissions/contract.ts'
import { refuseBeyondActor, revokeInvitationsOf } from './invitations.ts'

/** Gives a member another role. Takes effect with their next request. @throws AppError `not_found`, `conflict` for the last administrator */
export async function changeRole(ctx: Context, id: string, role: Role): Promise<void> {
  requirePermission(ctx, 'members.manage')
  refuseBeyondActor(ctx, role)
  const before = await lockMember(ctx, id)
  if (before.role === role) return
  if (before.lastAdministrator) throw lastAdministrator()
  await sql`update member set role = ${role}, updated_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  )
  if (!scopeOf(role, 'members.manage')) await revokeInvitationsOf(ctx, id)
  record(ctx, {
    action: 'member.role_changed',
    subject: { kind: 'member', id },
    details: { from: before.role, to: role },
  })
  announce(ctx, {
    type: 'member.role_changed',
    subject: { kind: 'member', id },
    payload: { from: before.role, to: role },
  })
}

/** Takes a member out of the company. @throws AppError `not_found`, `conflict` for the last administrator */
export async function removeFromCompany(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'members.manage')
  const member = await lockMember(ctx, id)
  if (member.lastAdministrator) throw lastAdministrator()
  await revokeInvitationsOf(ctx, id)
  await sql`delete from member where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  await sql`delete from user_tenant where tenant_id = ${ctx.tenantId} and user_id = ${member.user_id}`.execute(ctx.tx)
  await sql`update user_session set tenant_id = null where tenant_id = ${ctx.tenantId} and user_id = ${member.user_id}`.execute(
    ctx.tx,
  )
  record(ctx, { action: 'member.removed', subject: { kind: 'member', id }, details: { role: member.role } })
  announce(ctx, { type: 'member.removed', subject: { kind: 'member', id }, payload: { role: member.role } })
}

async function lockMember(
  ctx: Context,
  id: string,
): Promise<{ role: Role; user_id: string; lastAdministrator: boolean }> {
  // With all administrators, in one order: two who change each other at the same moment wait instead of blocking each other.
  const { rows } = await sql<{ id: string; role: Role; user_id: string }>`
    select id, role, user_id from member
    where tenant_id = ${ctx.tenantId} and (id = ${id} or role = 'administrator') order by id for update`.execute(ctx.tx)
  const member = rows.find(row => row.id === id)
  if (!member) throw notFound()
  return { ...member, lastAdministrator: member.role === 'administrator' && rows.length === 1 }
}

function lastAdministrator(): AppError {
  return new AppError('conflict', {
    ja: '最後の管理者です。先にほかのメンバーを管理者にしてください。',
    en: 'This is the last administrator. Make somebody else one first.',
  })
}
