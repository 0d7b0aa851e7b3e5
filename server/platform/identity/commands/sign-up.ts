import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import { enqueue, type JsonObject } from '../../context/context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { Locale } from '../../errors/words.ts'
import { queueMail } from '../../mail/queue.ts'
import { blindIndex, seal, unseal } from '../../secrets/box.ts'
import { newToken, readToken } from '../../secrets/token.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { mayMail } from '../attempts.ts'
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
 * Accepts a sign-up. A job does the rest, so that the answer is the same, and takes as long, whether the address is new
 * or known.
 */
export async function requestSignUp(account: AccountContext, input: z.output<typeof signUp.body>): Promise<void> {
  refuseCommonPassword(input.password)
  const { password, ...rest } = input
  const passwordHash = await hashPassword(password)
  enqueue(account, { name: 'identity.keep-sign-up', payload: sealPayload(account, { ...rest, passwordHash }) })
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

/** Hours for which a link of a sign-up works. */
const validHours = 24

/**
 * Keeps the sign-up until its link is opened and asks to confirm the address; somebody known is told so by mail
 * instead. Nothing else is made before: the company and password that count are those of the link that is opened.
 */
export async function keepSignUp(account: AccountContext, request: SignUpRequest): Promise<void> {
  const { company, name, email, locale } = request
  const known = await findPerson(account, email)
  if (!(await mayMail(account, `mail:${addressIndex(account, email).toString('base64url')}`))) return
  if (known) {
    await queueMail(account, email, known.locale, { kind: 'account_exists', name: known.name, company })
    return
  }
  const { keyring } = account.installation
  const id = uuidv7()
  const token = newToken('verify')
  await sql`
    insert into sign_up (id, token_hash, email_index, request_box, expires_at)
    values (${id}, ${token.hash}, ${addressIndex(account, email)}, ${seal(keyring, requestPlace(id), JSON.stringify(request))},
      now() + make_interval(hours => ${validHours}))`.execute(account.tx)
  await queueMail(account, email, locale, { kind: 'verify_email', name, company, token: token.text })
}

/** Sends the mail of the last sign-up that waits for an address again. Runs as a job: the request answers alike in any case. */
export async function completeResend(account: AccountContext, email: string): Promise<void> {
  const { rows } = await sql<{ id: string; request_box: string }>`
    select id, request_box from sign_up
    where email_index = ${addressIndex(account, email)} and completed_at is null and expires_at > now()
    order by created_at desc limit 1`.execute(account.tx)
  const last = rows[0]
  if (last) await keepSignUp(account, openRequest(account, last.id, last.request_box))
}

/**
 * Confirms an address: makes the person and, as its administrator, the company of that sign-up, in one transaction. A
 * link that was opened already answers as before while it lasts.
 * @throws AppError `expired`
 */
export async function confirmEmail(account: AccountContext, text: string): Promise<{ email: string }> {
  const token = readToken('verify', text)
  if (!token) throw linkExpired()
  // The lock makes a second click at the same moment wait, and then see that it is done.
  const { rows } = await sql<{ id: string; request_box: string; completed: boolean }>`
    select id, request_box, completed_at is not null as completed from sign_up
    where token_hash = ${token.hash} and expires_at > now() for update`.execute(account.tx)
  const kept = rows[0]
  if (!kept) throw linkExpired()
  const request = openRequest(account, kept.id, kept.request_box)
  const { company, slug, name, email, passwordHash, locale, timeZone } = request
  if (kept.completed) return { email }
  await sql`update sign_up set completed_at = now() where id = ${kept.id}`.execute(account.tx)
  const userId = await createPerson(account, { name, email, passwordHash, locale, timeZone })
  // A second sign-up of the same address, confirmed after the first: the account is there, with the first one's password.
  if (userId) await provisionCompany(account, { name: company, slug, locale, timeZone }, userId)
  return { email }
}

export function linkExpired(): AppError {
  return new AppError('expired', {
    ja: 'リンクの有効期限が切れているか、すでに使われています。もう一度メールを送信してください。',
    en: 'This link has expired or was used already. Ask for a new mail.',
  })
}

function addressIndex(account: AccountContext, email: string): Buffer {
  return blindIndex(account.installation.keyring, 'sign-up', email)
}

function requestPlace(id: string) {
  return { tenant: '-', table: 'sign_up', column: 'request_box', row: id }
}

function openRequest(account: AccountContext, id: string, box: string): SignUpRequest {
  return JSON.parse(unseal(account.installation.keyring, requestPlace(id), box))
}

interface KnownPerson {
  id: string
  name: string
  locale: Locale
}

export async function findPerson(account: AccountContext, email: string): Promise<KnownPerson | undefined> {
  const { rows } = await sql<KnownPerson>`select id, name, locale from app_user where email = ${email}`.execute(
    account.tx,
  )
  return rows[0]
}
