import { sql } from 'kysely'
import { tooMany } from '../http/limits.ts'
import { networkOf } from '../http/network.ts'
import { blindIndex } from '../secrets/box.ts'
import type { AccountContext } from '../tenancy/transaction.ts'

/** How many tries within how many seconds. */
interface Allowance {
  points: number
  seconds: number
}

const perAccountAndNetwork: Allowance = { points: 10, seconds: 15 * 60 }
const perNetwork: Allowance = { points: 100, seconds: 15 * 60 }
const mailsToReceiver: Allowance = { points: 5, seconds: 60 * 60 }
/** Over all networks; past it only networks that the account was used from before may try. */
const perAccount: Allowance = { points: 50, seconds: 60 * 60 }

/**
 * Counts a sign-in try for the account and for the network, before the password is looked at. A stranger who tries
 * from many networks is stopped without locking out the owner, whose own network still may try.
 * @throws AppError `rate_limited`, keeping the count
 */
export async function countSignInAttempt(account: AccountContext, email: string): Promise<void> {
  const { who, network } = attemptOf(account, email)
  const waits = [
    await take(account, `signin:${who}:${network}`, perAccountAndNetwork),
    await take(account, `signin:${network}`, perNetwork),
  ]
  const flood = await take(account, `signin:${who}`, perAccount)
  if (flood > 0 && !(await knownNetwork(account, email))) waits.push(flood)
  refuse(Math.max(...waits))
}

/** After a success the pair of account and network starts afresh. */
export async function forgetSignInAttempts(account: AccountContext, email: string): Promise<void> {
  const { who, network } = attemptOf(account, email)
  await sql`delete from rate_limit where key = ${`signin:${who}:${network}`}`.execute(account.tx)
}

/** Counts a try of a code: five in five minutes for a person, whatever the network. @throws AppError `rate_limited` */
export async function countCodeAttempt(account: AccountContext, userId: string): Promise<void> {
  refuse(await take(account, `code:${userId}`, { points: 5, seconds: 5 * 60 }))
}

/** Counts a try to confirm one's password inside a session. @throws AppError `rate_limited` */
export async function countPasswordAttempt(account: AccountContext, userId: string): Promise<void> {
  refuse(await take(account, `password:${userId}`, { points: 10, seconds: 15 * 60 }))
}

/** Who is tried to be signed in (no address is kept in a counter), and from which network. */
function attemptOf(account: AccountContext, email: string): { who: string; network: string } {
  const who = blindIndex(account.installation.keyring, 'sign-in attempts', email).toString('base64url').slice(0, 22)
  return { who, network: networkOf(account.network ?? 'none') }
}

/**
 * Counts a mail that strangers can make us send. @returns false past five an hour of one kind to one receiver: nobody's
 * mailbox is filled
 */
export async function mayMail(account: AccountContext, receiver: string): Promise<boolean> {
  return (await take(account, receiver, mailsToReceiver)) <= 0
}

function refuse(seconds: number): void {
  if (seconds <= 0) return
  const refusal = tooMany(seconds)
  throw refusal.keeping()
}

/** Counts one use. @returns seconds to wait; 0 while the allowance lasts. Time is the database's, so that servers agree. */
async function take(account: AccountContext, key: string, { points, seconds }: Allowance): Promise<number> {
  const { rows } = await sql<{ points: number; wait: number }>`
    insert into rate_limit as used (key, points, expire)
    values (${key}, 1, (extract(epoch from now()) + ${seconds}::int)::bigint)
    on conflict (key) do update set
      points = case when used.expire <= extract(epoch from now()) then 1 else used.points + 1 end,
      expire = case when used.expire <= extract(epoch from now()) then excluded.expire else used.expire end
    returning points, (expire - extract(epoch from now()))::float8 as wait`.execute(account.tx)
  const used = rows[0]!
  return used.points > points ? used.wait : 0
}

async function knownNetwork(account: AccountContext, email: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from user_session s join app_user u on u.id = s.user_id
    where u.email = ${email} and s.network = ${account.network ?? ''} and not s.second_factor_pending limit 1`.execute(
    account.tx,
  )
  return rows.length > 0
}
