import { sql } from 'kysely'
import { AppError } from '../../errors/app-error.ts'
import type { PersonContext } from '../../http/implement.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { countSignInAttempt, forgetSignInAttempts } from '../attempts.ts'
import { passwordFits } from '../password.ts'
import { endSession, openSession } from '../session.ts'
import { enqueueAccountRecord } from './account-record.ts'
import { spendCode } from './second-factor.ts'

interface SignedIn {
  state: 'signed_in' | 'second_factor'
  token: { text: string; expiresAt: Date }
}

/**
 * Checks e-mail address and password and opens a session. A wrong password, an unknown address and an address that
 * is not confirmed yet get the same answer, after the same work.
 * @throws AppError `unauthenticated`, `rate_limited`
 */
export async function signInPerson(
  account: AccountContext,
  input: { email: string; password: string },
  userAgent: string,
): Promise<SignedIn> {
  await countSignInAttempt(account, input.email)
  const { rows } = await sql<{ id: string; password_hash: string; second_factor: boolean }>`
    select id, password_hash, second_factor_confirmed_at is not null as second_factor
    from app_user where email = ${input.email}`.execute(account.tx)
  const person = rows[0]
  const fits = await passwordFits(person?.password_hash, input.password)
  if (!person || !fits) {
    // By a job, known or not: writing the audit lines here would take longer for an address that exists.
    enqueueAccountRecord(account, person?.id ?? null, 'session.sign_in_failed', 'failed')
    throw refused()
  }
  await forgetSignInAttempts(account, input.email)
  const token = await openSession(account, { userId: person.id, userAgent, secondFactorPending: person.second_factor })
  if (!person.second_factor) enqueueAccountRecord(account, person.id, 'session.signed_in')
  return { state: person.second_factor ? 'second_factor' : 'signed_in', token }
}

/**
 * Finishes sign-in with a code: the half session ends and a whole one with a token of its own begins.
 * @throws AppError `invalid_input` for a wrong code, `conflict` when no code is asked for
 */
export async function finishSignIn(person: PersonContext, code: string, userAgent: string): Promise<SignedIn> {
  if (!person.secondFactorPending) {
    throw new AppError('conflict', { ja: 'すでにサインインしています。', en: 'You are signed in already.' })
  }
  await spendCode(person, code)
  const token = await openSession(person, {
    userId: person.userId,
    userAgent,
    secondFactorPending: false,
    tenantId: person.tenantId ?? undefined,
  })
  await endSession(person, person.sessionId)
  enqueueAccountRecord(person, person.userId, 'session.signed_in')
  return { state: 'signed_in', token }
}

/** Works in another company. @throws AppError `not_found` when one is not a member: the same as for no such company */
export async function switchCompany(person: PersonContext, tenantId: string): Promise<void> {
  const { rows } = await sql`
    select 1 from user_tenant where user_id = ${person.userId} and tenant_id = ${tenantId}`.execute(person.tx)
  if (rows.length === 0) {
    throw new AppError('not_found', {
      ja: 'この会社のメンバーではありません。',
      en: 'You are not a member of such a company.',
    })
  }
  await sql`update user_session set tenant_id = ${tenantId} where id = ${person.sessionId}`.execute(person.tx)
}

function refused(): AppError {
  return new AppError(
    'unauthenticated',
    {
      ja: 'メールアドレスまたはパスワードが正しくないか、メールアドレスの確認が済んでいません。',
      en: 'The e-mail address or the password is wrong, or the address has not been confirmed yet.',
    },
    { keeps: true },
  )
}
