import { createHmac, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { AppError, invalidField } from '../../errors/app-error.ts'
import type { PersonContext } from '../../http/implement.ts'
import { seal, unseal } from '../../secrets/box.ts'
import { derivedKey } from '../../secrets/keyring.ts'
import type { AccountContext } from '../../tenancy/transaction.ts'
import { countCodeAttempt } from '../attempts.ts'
import { endSessions } from '../session.ts'
import { enqueueAccountRecord } from './account-record.ts'
import { confirmPassword } from './password.ts'

/** RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator app understands; one step of tolerance each way. */
const stepSeconds = 30
const recoveryCodeCount = 10
// No letters or digits that look alike (ASVS 6.5: 50 bits each).
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Begins the set-up: the secret counts once a code of it was seen. @throws AppError for a wrong password */
export async function beginSecondFactor(
  person: PersonContext,
  password: string,
): Promise<{ secret: string; uri: string }> {
  const { email, confirmed } = await confirmPassword(person, password)
  if (confirmed) {
    throw new AppError('conflict', {
      ja: '二段階認証はすでに有効です。作り直すには、先に無効にしてください。',
      en: 'The second factor is on already. Turn it off first to set up a new app.',
    })
  }
  const secret = new Secret({ size: 20 })
  const box = seal(person.installation.keyring, secretPlace(person.userId), secret.base32)
  await sql`update app_user set second_factor_box = ${box}, updated_at = ${person.now} where id = ${person.userId}`.execute(
    person.tx,
  )
  return { secret: secret.base32, uri: totp(secret.base32, email).toString() }
}

/** Turns the second factor on with its first code; other sessions end. @returns the recovery codes, shown once */
export async function completeSecondFactor(person: PersonContext, code: string): Promise<string[]> {
  await countCodeAttempt(person, person.userId)
  const stored = await readSecret(person, person.userId)
  if (!stored || stored.confirmed) {
    throw new AppError('conflict', { ja: '設定を最初からやり直してください。', en: 'Begin the set-up again.' })
  }
  await spendStep(person, person.userId, stored.secret, code)
  await sql`update app_user set second_factor_confirmed_at = ${person.now} where id = ${person.userId}`.execute(
    person.tx,
  )
  await endSessions(person, person.userId, person.sessionId)
  enqueueAccountRecord(person, person.userId, 'second_factor.enabled')
  return replaceRecoveryCodes(person)
}

/** Replaces the recovery codes. @throws AppError for a wrong password, `conflict` without a second factor */
export async function renewCodes(person: PersonContext, password: string): Promise<string[]> {
  const { confirmed } = await confirmPassword(person, password)
  if (!confirmed)
    throw new AppError('conflict', { ja: '二段階認証が有効になっていません。', en: 'The second factor is off.' })
  enqueueAccountRecord(person, person.userId, 'second_factor.recovery_codes_renewed')
  return replaceRecoveryCodes(person)
}

/** Turns the second factor off; other sessions end. @throws AppError for a wrong password or code */
export async function removeSecondFactor(person: PersonContext, password: string, code: string): Promise<void> {
  const { confirmed } = await confirmPassword(person, password)
  if (!confirmed) return
  await spendCode(person, code)
  await sql`
    update app_user set second_factor_box = null, second_factor_confirmed_at = null, updated_at = ${person.now}
    where id = ${person.userId}`.execute(person.tx)
  await sql`delete from recovery_code where user_id = ${person.userId}`.execute(person.tx)
  await endSessions(person, person.userId, person.sessionId)
  enqueueAccountRecord(person, person.userId, 'second_factor.disabled')
}

/**
 * Uses a code of the app or a recovery code; each works once, also when sent several times at the same moment.
 * @throws AppError `invalid_input`, `rate_limited`; both keep the count
 */
export async function spendCode(person: PersonContext, input: string): Promise<void> {
  await countCodeAttempt(person, person.userId)
  const code = input.replace(/[\s-]/g, '').toLowerCase()
  if (!/^\d{6}$/.test(code)) return spendRecoveryCode(person, code)
  const stored = await readSecret(person, person.userId)
  if (!stored?.confirmed) throw wrongCode(person, person.userId)
  await spendStep(person, person.userId, stored.secret, code)
}

async function spendRecoveryCode(person: PersonContext, code: string): Promise<void> {
  const { numAffectedRows } = await sql`
    delete from recovery_code where user_id = ${person.userId} and code_hash = ${hashCode(person, code)}`.execute(
    person.tx,
  )
  if (numAffectedRows !== 1n) throw wrongCode(person, person.userId)
  enqueueAccountRecord(person, person.userId, 'second_factor.recovery_code_used')
}

/** The step is spent by a conditional update: of parallel tries with one code, one wins. */
async function spendStep(account: AccountContext, userId: string, secret: string, code: string): Promise<void> {
  const seconds = Math.floor(account.now.getTime() / 1_000)
  const delta = totp(secret, '').validate({ token: code, timestamp: seconds * 1_000, window: 1 })
  if (delta === null) throw wrongCode(account, userId)
  const step = Math.floor(seconds / stepSeconds) + delta
  const { numAffectedRows } = await sql`
    update app_user set second_factor_last_step = ${step} where id = ${userId} and second_factor_last_step < ${step}`.execute(
    account.tx,
  )
  if (numAffectedRows !== 1n) throw wrongCode(account, userId)
}

async function replaceRecoveryCodes(person: PersonContext): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode)
  await sql`delete from recovery_code where user_id = ${person.userId}`.execute(person.tx)
  const hashes = codes.map(code => hashCode(person, code.replace('-', '')))
  await sql`
    insert into recovery_code (user_id, code_hash) select ${person.userId}, code from unnest(${hashes}::bytea[]) as code
    on conflict do nothing`.execute(person.tx)
  return codes
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

/** With a key, since 50 random bits alone could be searched through by somebody who has the table. */
function hashCode(account: AccountContext, code: string): Buffer {
  return createHmac('sha256', derivedKey(account.installation.keyring, 'recovery code')).update(code).digest()
}

async function readSecret(
  account: AccountContext,
  userId: string,
): Promise<{ secret: string; confirmed: boolean } | undefined> {
  const { rows } = await sql<{ box: string | null; confirmed: boolean }>`
    select second_factor_box as box, second_factor_confirmed_at is not null as confirmed from app_user where id = ${userId}`.execute(
    account.tx,
  )
  const row = rows[0]
  if (!row?.box) return undefined
  return { secret: unseal(account.installation.keyring, secretPlace(userId), row.box), confirmed: row.confirmed }
}

function secretPlace(userId: string) {
  return { tenant: '-', table: 'app_user', column: 'second_factor_box', row: userId }
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Kizuna', label, secret, algorithm: 'SHA1', digits: 6, period: stepSeconds })
}

/** The failure, with its line for the log; both the line and the count stay. */
function wrongCode(account: AccountContext, userId: string): AppError {
  enqueueAccountRecord(account, userId, 'second_factor.refused', 'failed')
  return invalidField('body.code', {
    ja: 'コードが正しくないか、すでに使われています。新しいコードを入力してください。',
    en: 'This code is wrong or was used already. Enter a new one.',
  }).keeping()
}
