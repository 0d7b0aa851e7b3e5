import { sql } from 'kysely'
import { invalidField } from '../../errors/app-error.ts'
import type { Locale } from '../../errors/words.ts'
import type { PersonContext } from '../../http/implement.ts'
import { queueMail } from '../../mail/queue.ts'
import { newToken, readToken } from '../../secrets/token.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { countPasswordAttempt, mayMail } from '../attempts.ts'
import { hashPassword, passwordFits, refuseCommonPassword } from '../password.ts'
import { endSessions, openSession } from '../session.ts'
import { enqueueAccountRecord } from './account-record.ts'
import { findPerson, linkExpired } from './sign-up.ts'

/** Checks that the person at the keyboard knows the password. @throws AppError `invalid_input`, `rate_limited` */
export async function confirmPassword(
  person: PersonContext,
  password: string,
): Promise<{ email: string; confirmed: boolean }> {
  await countPasswordAttempt(person, person.userId)
  const { rows } = await sql<{ email: string; password_hash: string; confirmed: boolean }>`
    select email, password_hash, second_factor_confirmed_at is not null as confirmed from app_user where id = ${person.userId}`.execute(
    person.tx,
  )
  const known = rows[0]
  if (!known || !(await passwordFits(known.password_hash, password))) {
    enqueueAccountRecord(person, person.userId, 'password.refused', 'failed')
    throw invalidField('body.password', {
      ja: 'パスワードが正しくありません。',
      en: 'The password is wrong.',
    }).keeping()
  }
  return known
}

/** Sets another password: other sessions end, this one gets a new token. @returns the new cookie */
export async function changeOwnPassword(
  person: PersonContext,
  input: { current: string; password: string },
  userAgent: string,
): Promise<{ text: string; expiresAt: Date }> {
  refuseCommonPassword(input.password)
  const { email } = await confirmPassword(person, input.current).catch(error => {
    for (const fault of error.faults ?? []) fault.path = 'body.current'
    throw error
  })
  await storePassword(person, person.userId, input.password)
  await endSessions(person, person.userId)
  enqueueAccountRecord(person, person.userId, 'password.changed')
  const known = await findPerson(person, email)
  if (known) await queueMail(person, email, known.locale, { kind: 'password_changed', name: known.name })
  return openSession(person, {
    userId: person.userId,
    userAgent,
    secondFactorPending: false,
    tenantId: person.tenantId ?? undefined,
  })
}

/** Sends a link to set a new password, where there is such an account. Runs as a job: the request answers alike in any case. */
export async function completeResetRequest(account: AccountContext, email: string): Promise<void> {
  const known = await findPerson(account, email)
  if (!known || !(await mayMail(account, `reset:${known.id}`))) return
  const token = newToken('reset')
  await sql`
    insert into user_token (token_hash, user_id, purpose, expires_at)
    values (${token.hash}, ${known.id}, 'reset_password', now() + interval '1 hour')`.execute(account.tx)
  await queueMail(account, email, known.locale, { kind: 'reset_password', name: known.name, token: token.text })
}

/**
 * Sets a new password by a link: all sessions end, all links of the kind stop working. It signs nobody in, so that a second factor stays asked for.
 * @throws AppError `expired`
 */
export async function resetForgottenPassword(
  account: AccountContext,
  input: { token: string; password: string },
): Promise<void> {
  refuseCommonPassword(input.password)
  const token = readToken('reset', input.token)
  if (!token) throw linkExpired()
  const { rows } = await sql<{ user_id: string }>`
    delete from user_token where token_hash = ${token.hash} and purpose = 'reset_password' and expires_at > now()
    returning user_id`.execute(account.tx)
  const userId = rows[0]?.user_id
  if (!userId) throw linkExpired()
  await sql`delete from user_token where user_id = ${userId} and purpose = 'reset_password'`.execute(account.tx)
  await storePassword(account, userId, input.password)
  await endSessions(account, userId)
  enqueueAccountRecord(account, userId, 'password.reset')
  const person = await sql<{ email: string; name: string; locale: Locale }>`
    select email, name, locale from app_user where id = ${userId}`.execute(account.tx)
  const known = person.rows[0]
  if (known) await queueMail(account, known.email, known.locale, { kind: 'password_changed', name: known.name })
}

async function storePassword(account: AccountContext, userId: string, password: string): Promise<void> {
  const hash = await hashPassword(password)
  await sql`update app_user set password_hash = ${hash}, updated_at = ${account.now} where id = ${userId}`.execute(
    account.tx,
  )
}
