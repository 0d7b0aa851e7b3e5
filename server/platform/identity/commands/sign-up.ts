import { sql } from 'kysely'
import type { z } from 'zod'
import { enqueue, type JsonObject } from '../../context/context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { Locale } from '../../errors/words.ts'
import { queueMail } from '../../mail/queue.ts'
import { seal, unseal } from '../../secrets/box.ts'
import { newToken, readToken } from '../../secrets/token.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import type { signUp } from '../contract/account.ts'
import { hashPassword, refuseCommonPassword } from '../password.ts'
import { createPerson, provisionCompany } from './provision.ts'

/** Where the sealed payloads of account jobs stand. */
const jobPlace = { tenant: '-', table: 'job', column: 'payload', row: 'account' }

/** Packs personal data for a job: what waits in the queue is not readable there. */
export function sealPayload(account: AccountContext, payload: JsonObject): { box: string } {
  return { box: seal(account.installation.keyring, jobPlace, JSON.stringify(payload)) }
}

export function openPayload<Payload>(account: AccountContext, box: string): Payload {
  return JSON.parse(unseal(account.installation.keyring, jobPlace, box))
}

/**
 * Accepts a sign-up. The company is made by a job, so that the answer is the same, and takes as long, whether the
 * address is new or known.
 */
export async function requestSignUp(account: AccountContext, input: z.output<typeof signUp.body>): Promise<void> {
  refuseCommonPassword(input.password)
  const { password, ...rest } = input
  const passwordHash = await hashPassword(password)
  enqueue(account, { name: 'identity.provision', payload: sealPayload(account, { ...rest, passwordHash }) })
}

export interface SignUpRequest {
  company: string
  slug: string
  name: string
  email: string
  passwordHash: string
  locale: Locale
  timeZone: string
}

/** Makes company and administrator, and asks them to confirm the address; somebody known is told so by mail instead. */
export async function completeSignUp(account: AccountContext, request: SignUpRequest): Promise<void> {
  const { company, slug, name, email, passwordHash, locale, timeZone } = request
  const userId = await createPerson(account, { name, email, passwordHash, locale, timeZone, verified: false })
  if (userId) {
    await provisionCompany(account, { name: company, slug, locale, timeZone }, userId)
    await sendVerification(account, { id: userId, name, email, locale, company })
    return
  }
  const known = await findPerson(account, email)
  if (!known) return
  if (known.verified)
    await queueMail(account, email, known.locale, { kind: 'account_exists', name: known.name, company })
  else await sendVerification(account, { ...known, email, company })
}

/** Sends the confirmation mail again where the address waits for it. Runs as a job: the request answers alike in any case. */
export async function completeResend(account: AccountContext, email: string): Promise<void> {
  const known = await findPerson(account, email)
  if (!known || known.verified) return
  await sendVerification(account, { ...known, email, company: 'Kizuna' })
}

/** Confirms an address. A link that was opened already answers as before, for 24 hours. @throws AppError `expired` */
export async function confirmEmail(account: AccountContext, text: string): Promise<{ email: string }> {
  const token = readToken('verify', text)
  const { rows } = token
    ? await sql<{ id: string; email: string }>`
        select u.id, u.email from user_token t join app_user u on u.id = t.user_id
        where t.token_hash = ${token.hash} and t.purpose = 'verify_email' and t.expires_at > now()`.execute(account.tx)
    : { rows: [] }
  const person = rows[0]
  if (!person) throw linkExpired()
  await sql`
    update app_user set email_verified_at = ${account.now}, updated_at = ${account.now}
    where id = ${person.id} and email_verified_at is null`.execute(account.tx)
  return { email: person.email }
}

export function linkExpired(): AppError {
  return new AppError('expired', {
    ja: 'リンクの有効期限が切れているか、すでに使われています。もう一度メールを送信してください。',
    en: 'This link has expired or was used already. Ask for a new mail.',
  })
}

async function sendVerification(
  account: AccountContext,
  person: { id: string; name: string; email: string; locale: Locale; company: string },
): Promise<void> {
  const token = newToken('verify')
  await sql`
    insert into user_token (token_hash, user_id, purpose, expires_at)
    values (${token.hash}, ${person.id}, 'verify_email', now() + interval '24 hours')`.execute(account.tx)
  const { name, company } = person
  await queueMail(account, person.email, person.locale, { kind: 'verify_email', name, company, token: token.text })
}

interface KnownPerson {
  id: string
  name: string
  locale: Locale
  verified: boolean
}

export async function findPerson(account: AccountContext, email: string): Promise<KnownPerson | undefined> {
  const { rows } = await sql<KnownPerson>`
    select id, name, locale, email_verified_at is not null as verified from app_user where email = ${email}`.execute(
    account.tx,
  )
  return rows[0]
}
