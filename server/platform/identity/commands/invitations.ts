import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { announce, type Context, record, requirePermission, tenantIdOf } from '../../context/context.ts'
import { AppError, invalidField, notFound } from '../../errors/app-error.ts'
import type { Locale } from '../../errors/words.ts'
import { queueMail } from '../../mail/queue.ts'
import { matrix, type Role } from '../../permissions/contract.ts'
import { blindIndex, seal, unseal } from '../../secrets/box.ts'
import { newToken, readToken } from '../../secrets/token.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { countSignInAttempt } from '../attempts.ts'
import type { acceptInvitation } from '../contract/account.ts'
import { hashPassword, passwordFits, refuseCommonPassword } from '../password.ts'
import { openSession } from '../session.ts'
import { enqueueAccountRecord } from './account-record.ts'
import { addMember, createPerson } from './provision.ts'
import { linkExpired } from './sign-up.ts'

/** Days for which the link of an invitation works. */
const validDays = 7

export function invitationPlace(tenantId: string, id: string) {
  return { tenant: tenantId, table: 'invitation', column: 'email_box', row: id }
}

/** Invites somebody; an open invitation to the same address is replaced, its link stops working. @returns its id */
export async function invite(ctx: Context, input: { email: string; role: Role; locale?: Locale }): Promise<string> {
  requirePermission(ctx, 'members.manage')
  refuseBeyondActor(ctx, input.role)
  const { keyring } = ctx.installation
  const index = blindIndex(keyring, ctx.tenantId, input.email)
  await refuseMember(ctx, input.email)
  await sql`
    update invitation set revoked_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and email_index = ${index} and accepted_at is null and revoked_at is null`.execute(
    ctx.tx,
  )
  const id = uuidv7()
  const token = newToken('invite', ctx.tenantId)
  const { numAffectedRows } = await sql`
    insert into invitation (tenant_id, id, token_hash, email_box, email_index, role, invited_by, expires_at)
    values (${ctx.tenantId}, ${id}, ${token.hash}, ${seal(keyring, invitationPlace(ctx.tenantId, id), input.email)}, ${index},
      ${input.role}, ${ctx.actor.id}, ${expiry(ctx.now)})
    on conflict do nothing`.execute(ctx.tx)
  if (numAffectedRows !== 1n) {
    throw new AppError('conflict', {
      ja: '同じ宛先への招待が同時に行われました。一覧を確認してください。',
      en: 'Somebody invited the same address at this moment. Look at the list.',
    })
  }
  await mailInvitation(ctx, input.email, input.locale, token.text)
  record(ctx, { action: 'invitation.sent', subject: { kind: 'invitation', id }, details: { role: input.role } })
  announce(ctx, { type: 'invitation.sent', subject: { kind: 'invitation', id }, payload: { role: input.role } })
  return id
}

/** Takes an open invitation back. @throws AppError `not_found` */
export async function revoke(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'members.manage')
  const { numAffectedRows } = await sql`
    update invitation set revoked_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id} and accepted_at is null and revoked_at is null`.execute(ctx.tx)
  if (numAffectedRows !== 1n) throw notFound()
  record(ctx, { action: 'invitation.revoked', subject: { kind: 'invitation', id } })
  announce(ctx, { type: 'invitation.revoked', subject: { kind: 'invitation', id }, payload: {} })
}

/** Sends an open or expired invitation again with a new link and a new term. @throws AppError `not_found` */
export async function resend(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'members.manage')
  const token = newToken('invite', ctx.tenantId)
  const { rows } = await sql<{ email_box: string }>`
    update invitation set token_hash = ${token.hash}, expires_at = ${expiry(ctx.now)}
    where tenant_id = ${ctx.tenantId} and id = ${id} and accepted_at is null and revoked_at is null
    returning email_box`.execute(ctx.tx)
  const row = rows[0]
  if (!row) throw notFound()
  const email = unseal(ctx.installation.keyring, invitationPlace(ctx.tenantId, id), row.email_box)
  await mailInvitation(ctx, email, undefined, token.text)
  record(ctx, { action: 'invitation.resent', subject: { kind: 'invitation', id } })
}

/** A key that is narrowed to some permissions must not give somebody a role that has more. */
export function refuseBeyondActor(ctx: Context, role: Role): void {
  if (ctx.actor.kind !== 'api_key' || ctx.actor.limit.length === 0) return
  const { limit } = ctx.actor
  if (Object.keys(matrix[role]).every(permission => limit.includes(permission))) return
  throw invalidField('body.role', {
    ja: '使用中のAPIキーより広い権限の役割は付けられません。',
    en: 'This key is narrowed: it cannot give a role that may do more than the key.',
  })
}

/** Invitations that a member or key sent stop working when it leaves, is revoked or may no longer invite. */
export async function revokeInvitationsOf(ctx: Context, memberId: string): Promise<void> {
  await sql`
    update invitation set revoked_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and invited_by = ${memberId} and accepted_at is null and revoked_at is null`.execute(
    ctx.tx,
  )
}

interface OpenInvitation {
  ctx: Context
  id: string
  company: string
  email: string
  role: Role
}

/** What an invitation is for. @throws AppError `expired` for a link that does not, or no longer, work */
export async function lookUp(
  account: AccountContext,
  text: string,
): Promise<OpenInvitation & { account: 'new' | 'existing' }> {
  const open = await findOpen(account, text)
  const known = await sql`select 1 from app_user where email = ${open.email}`.execute(account.tx)
  return { ...open, account: known.rows.length > 0 ? 'existing' : 'new' }
}

/**
 * Accepts an invitation: the link came by mail, so the address is confirmed by it. Somebody new chooses name and
 * password; somebody known confirms with theirs, and a second factor is asked for as at any sign-in.
 * Of several at the same moment one succeeds.
 */
export async function accept(
  account: AccountContext,
  input: z.output<typeof acceptInvitation.body>,
  userAgent: string,
): Promise<{ state: 'signed_in' | 'second_factor'; token: { text: string; expiresAt: Date } }> {
  const open = await findOpen(account, input.token)
  // Before anything is written: a wrong password keeps its count and leaves the invitation open.
  const known = await recognise(account, open.email, input.password)
  const claimed = await sql`
    update invitation set accepted_at = ${account.now}
    where tenant_id = ${open.ctx.tenantId} and id = ${open.id} and accepted_at is null and revoked_at is null`.execute(
    account.tx,
  )
  if (claimed.numAffectedRows !== 1n) throw linkExpired()
  const person = known ?? (await introduce(account, open.email, input))
  const memberId = await addMember(open.ctx, person.id, open.role)
  record(open.ctx, {
    action: 'invitation.accepted',
    subject: { kind: 'invitation', id: open.id },
    details: memberId ? { member: memberId } : {},
  })
  const token = await openSession(account, {
    userId: person.id,
    userAgent,
    secondFactorPending: person.secondFactor,
    tenantId: open.ctx.tenantId,
  })
  return { state: person.secondFactor ? 'second_factor' : 'signed_in', token }
}

interface Joining {
  id: string
  secondFactor: boolean
}

/** Somebody who has an account confirms with its password. @returns undefined for a new address */
async function recognise(account: AccountContext, email: string, password: string): Promise<Joining | undefined> {
  const { rows } = await sql<{ id: string; password_hash: string; second_factor: boolean }>`
    select id, password_hash, second_factor_confirmed_at is not null as second_factor from app_user where email = ${email}`.execute(
    account.tx,
  )
  const known = rows[0]
  if (!known) return undefined
  await countSignInAttempt(account, email)
  if (!(await passwordFits(known.password_hash, password))) {
    enqueueAccountRecord(account, known.id, 'session.sign_in_failed', 'failed')
    throw wrongPassword()
  }
  return { id: known.id, secondFactor: known.second_factor }
}

async function introduce(
  account: AccountContext,
  email: string,
  input: z.output<typeof acceptInvitation.body>,
): Promise<Joining> {
  if (!input.name) {
    throw invalidField('body.name', { ja: 'お名前を入力してください。', en: 'Enter your name.' })
  }
  if (input.password.length < 8) {
    throw invalidField('body.password', {
      ja: 'パスワードは8文字以上にしてください。',
      en: 'A password needs 8 characters or more.',
    })
  }
  refuseCommonPassword(input.password)
  const { name, locale, timeZone } = input
  const passwordHash = await hashPassword(input.password)
  const id = await createPerson(account, { name, email, passwordHash, locale, timeZone })
  if (!id) throw linkExpired()
  return { id, secondFactor: false }
}

/** The link names its tenant; a link of another kind, or one with a wrong checksum, is none. */
async function findOpen(account: AccountContext, text: string): Promise<OpenInvitation> {
  const token = readToken('invite', text)
  if (!token?.tenantId) throw linkExpired()
  const ctx = await account.enter(tenantIdOf(token.tenantId), { kind: 'person', id: undefined })
  const { rows } = await sql<{ id: string; email_box: string; role: Role; company: string }>`
    select i.id, i.email_box, i.role, t.name as company from invitation i join tenant t on t.id = i.tenant_id
    where i.tenant_id = ${ctx.tenantId} and t.id = ${ctx.tenantId} and i.token_hash = ${token.hash}
      and i.accepted_at is null and i.revoked_at is null and i.expires_at > ${account.now}`.execute(ctx.tx)
  const row = rows[0]
  if (!row) throw linkExpired()
  const email = unseal(account.installation.keyring, invitationPlace(ctx.tenantId, row.id), row.email_box)
  return { ctx, id: row.id, company: row.company, email, role: row.role }
}

async function refuseMember(ctx: Context, email: string): Promise<void> {
  const { rows } = await sql`
    select 1 from member m join app_user u on u.id = m.user_id where m.tenant_id = ${ctx.tenantId} and u.email = ${email}`.execute(
    ctx.tx,
  )
  if (rows.length === 0) return
  throw invalidField('body.email', { ja: 'この宛先の方はすでにメンバーです。', en: 'This person is a member already.' })
}

async function mailInvitation(ctx: Context, email: string, locale: Locale | undefined, token: string): Promise<void> {
  const { rows } = await sql<{ company: string; locale: Locale; inviter: string | null }>`
    select t.name as company, t.locale, u.name as inviter from tenant t
    left join member m on m.tenant_id = t.id and m.id = ${ctx.actor.id ?? null}
    left join app_user u on u.id = m.user_id
    where t.id = ${ctx.tenantId}`.execute(ctx.tx)
  const company = rows[0]!
  await queueMail(ctx, email, locale ?? company.locale, {
    kind: 'invitation',
    company: company.company,
    inviter: company.inviter ?? company.company,
    token,
    days: validDays,
  })
}

function expiry(now: Date): Date {
  return new Date(now.getTime() + validDays * 86_400_000)
}

function wrongPassword(): AppError {
  return invalidField('body.password', {
    ja: 'パスワードが正しくありません。お持ちのアカウントのパスワードを入力してください。',
    en: 'The password is wrong. Enter the password of your account.',
  }).keeping()
}
