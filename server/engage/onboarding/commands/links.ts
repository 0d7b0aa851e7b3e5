import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type Context, record, requirePermission, tenantIdOf } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { queueMail } from '../../../platform/mail/queue.ts'
import { newToken, readToken } from '../../../platform/secrets/token.ts'
import type { AccountContext } from '../../../platform/tenancy/transaction.ts'
import { lockJourney, mayHandle, requireOpen } from '../queries/stored.ts'
import { insertJourneySteps } from './steps.ts'
import { tick } from './tick.ts'

/** A journey has so many addresses at most. */
const most = 20
const codeMinutes = 10
const codeTries = 5
/** What a link has in all, whoever asks from wherever. */
const codesPerHour = 5
const codesPerDay = 20
const wrongPerDay = 20
const sessionHours = 12

/** Makes an address by which a customer sees its own tasks. @returns the address, which is kept nowhere */
export async function createLink(
  ctx: Context,
  journeyId: string,
  { days, email }: { days: number; email: string | null },
): Promise<{ id: string; address: string }> {
  requireOpen(await lockJourney(ctx, journeyId))
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from onboarding_link where tenant_id = ${ctx.tenantId} and journey_id = ${journeyId}
      and revoked_at is null and expires_at > ${ctx.now}`.execute(ctx.tx)
  if (rows[0]!.count >= most) {
    throw new AppError('conflict', {
      ja: `共有リンクは${most}個までです。使っていないものを無効にしてください。`,
      en: `A journey has at most ${most} links. Revoke those that nobody uses.`,
    })
  }
  const id = uuidv7()
  const token = newToken('onboarding', ctx.tenantId)
  await sql`
    insert into onboarding_link (tenant_id, id, journey_id, token_hash, email, expires_at, created_by, created_at)
    values (${ctx.tenantId}, ${id}, ${journeyId}, ${token.hash}, ${email}, ${ctx.now}::timestamptz + make_interval(days => ${days}),
      ${ctx.actor.kind === 'member' ? ctx.actor.id : null}::uuid, ${ctx.now})`.execute(ctx.tx)
  await insertJourneySteps(ctx, [{ journey: journeyId, kind: 'link_created' }])
  record(ctx, {
    action: 'onboarding.link_created',
    subject: { kind: 'onboarding_journey', id: journeyId },
    details: { days, code: email !== null },
  })
  // Behind the hash, so that neither logs nor other sites learn the secret.
  return { id, address: `${ctx.installation.address}/customer-onboarding#${token.text}` }
}

/** Makes an address useless. @throws AppError `not_found` */
export async function revokeLink(ctx: Context, id: string): Promise<void> {
  requirePermission(ctx, 'onboarding.handle')
  const { rows } = await sql<{ journey: string }>`
    update onboarding_link l set revoked_at = ${ctx.now} from onboarding_journey j, customer c
    where l.tenant_id = ${ctx.tenantId} and l.id = ${id} and l.revoked_at is null and j.tenant_id = ${ctx.tenantId} and j.id = l.journey_id
      and c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id and ${mayHandle(ctx)}
    returning l.journey_id as journey`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  await insertJourneySteps(ctx, [{ journey: rows[0].journey, kind: 'link_revoked' }])
  record(ctx, { action: 'onboarding.link_revoked', subject: { kind: 'onboarding_journey', id: rows[0].journey } })
}

export interface OpenLink {
  ctx: Context
  id: string
  journey: string
  email: string | null
  code_hash: Buffer | null
  code_sent_at: Date | null
  code_attempts: number
  code_times: Date[]
  session_hash: Buffer | null
  session_until: Date | null
}

/**
 * Enters the company of an address, as somebody without any permission.
 * @throws AppError `not_found`, the same for one that is none, has expired, was revoked, or whose journey was cancelled
 */
export async function openLink(account: AccountContext, text: string): Promise<OpenLink> {
  const token = readToken('onboarding', text)
  if (!token?.tenantId) throw notFound()
  const ctx = await account.enter(tenantIdOf(token.tenantId), { kind: 'person', id: undefined })
  const { rows } = await sql<Omit<OpenLink, 'ctx'>>`
    update onboarding_link l set last_used_at = ${ctx.now} from onboarding_journey j
    where l.tenant_id = ${ctx.tenantId} and l.token_hash = ${token.hash} and l.revoked_at is null and l.expires_at > ${ctx.now}
      and j.tenant_id = ${ctx.tenantId} and j.id = l.journey_id and j.status <> 'cancelled'
    returning l.id, l.journey_id as journey, l.email, l.code_hash, l.code_sent_at, l.code_attempts, l.code_times, l.session_hash, l.session_until`.execute(
    ctx.tx,
  )
  if (!rows[0]) throw notFound()
  return { ctx, ...rows[0] }
}

/** Whether an address still asks for its code. */
export function needsCode(link: OpenLink, session: string | undefined): boolean {
  if (link.email === null) return false
  const read = session === undefined ? undefined : readToken('onboarding', session)
  const open = link.session_hash !== null && link.session_until !== null && link.session_until > link.ctx.now
  return !(open && read !== undefined && timingSafeEqual(read.hash, link.session_hash!))
}

/** The customer marks one of its own tasks. @throws AppError `not_found`, also while the code is missing; `conflict` */
export async function tickByCustomer(
  account: AccountContext,
  { token, session, task, done }: { token: string; session?: string | undefined; task: string; done: boolean },
): Promise<OpenLink> {
  const link = await openLink(account, token)
  if (needsCode(link, session)) throw notFound()
  const { ctx, journey } = link
  const { rows } = await sql<{ status: string }>`
    select status from onboarding_journey where tenant_id = ${ctx.tenantId} and id = ${journey} for update`.execute(
    ctx.tx,
  )
  if (rows[0]?.status !== 'running') {
    throw new AppError('conflict', {
      ja: '現在このオンボーディングは更新できません。担当者にお問い合わせください。',
      en: 'This onboarding cannot be changed at the moment. Please ask your contact.',
    })
  }
  await tick(ctx, journey, task, done, 'customer')
  return link
}

/** Six digits have little to guess: their link's id is part of what is hashed, and few tries are allowed. */
function hashCode(link: string, code: string): Buffer {
  return createHash('sha256').update(`${link}:${code}`).digest()
}

/**
 * Refuses a link on which too many wrong codes were entered today, in the company's time zone; to the right code it says
 * the same. @throws AppError `rate_limited`
 */
async function refuseLocked({ ctx, id }: OpenLink): Promise<void> {
  const { rows } = await sql<{ locked: boolean; rest: number }>`
    select l.wrong_codes >= ${wrongPerDay} and l.wrong_day = ${companyDay(ctx)} as locked,
      extract(epoch from ((${companyDay(ctx)} + 1)::timestamp at time zone company.time_zone) - ${ctx.now}::timestamptz)::float8 as rest
    from onboarding_link l join tenant company on company.id = l.tenant_id
    where l.tenant_id = ${ctx.tenantId} and l.id = ${id}`.execute(ctx.tx)
  const { locked, rest } = rows[0]!
  if (!locked) return
  throw new AppError(
    'rate_limited',
    {
      ja: '誤ったコードが続いたため、本日はこのページを開けません。明日もう一度お試しいただくか、担当者にお問い合わせください。',
      en: 'Too many wrong codes were entered, so this page stays closed today. Try again tomorrow, or ask your contact.',
    },
    { retryAfter: Math.max(1, rest) },
  )
}

/** The day on which it is now where the company is; beside `tenant company`. */
function companyDay({ now }: OpenLink['ctx']) {
  return sql`(${now}::timestamptz at time zone company.time_zone)::date`
}

/** @throws AppError `rate_limited` where a link had its codes of the hour or the day */
function refuseMoreCodes(now: Date, sentAt: readonly Date[]): void {
  const hour = 3_600_000
  for (const [most, within] of [
    [codesPerHour, hour],
    [codesPerDay, 24 * hour],
  ] as const) {
    const recent = sentAt.filter(at => now.getTime() - at.getTime() < within)
    if (recent.length < most) continue
    const oldest = Math.min(...recent.map(at => at.getTime()))
    throw new AppError(
      'rate_limited',
      {
        ja: 'コードの送信回数が上限に達しました。時間をおいてもう一度お試しいただくか、担当者にお問い合わせください。',
        en: 'No more codes can be sent for now. Try again later, or ask your contact.',
      },
      { retryAfter: Math.max(1, (oldest + within - now.getTime()) / 1_000) },
    )
  }
}

/**
 * Sends a code to the address of a link, at most once a minute. @returns whether it was sent
 * @throws AppError `rate_limited` beyond the link's codes of an hour or a day, or after too many wrong ones
 */
export async function sendCode(account: AccountContext, text: string): Promise<boolean> {
  const link = await openLink(account, text)
  const { ctx } = link
  if (link.email === null) throw notFound()
  if (link.code_sent_at && ctx.now.getTime() - link.code_sent_at.getTime() < 60_000) return false
  await refuseLocked(link)
  refuseMoreCodes(ctx.now, link.code_times)
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  await sql`
    update onboarding_link set code_hash = ${hashCode(link.id, code)}, code_sent_at = ${ctx.now}, code_attempts = 0,
      code_times = array(select at from unnest(code_times) as at where at > ${ctx.now}::timestamptz - interval '1 day') || ${ctx.now}::timestamptz
    where tenant_id = ${ctx.tenantId} and id = ${link.id}`.execute(ctx.tx)
  const { rows } = await sql<{ name: string; locale: 'ja' | 'en' }>`
    select name, locale from tenant where id = ${ctx.tenantId}`.execute(ctx.tx)
  const { name, locale } = rows[0]!
  await queueMail(ctx, link.email, locale, { kind: 'onboarding_code', company: name, code, minutes: codeMinutes })
  record(ctx, { action: 'onboarding.code_sent', subject: { kind: 'onboarding_journey', id: link.journey } })
  return true
}

/** Enters a code. @returns the secret that opens the page @throws AppError `invalid_input` for a wrong or old one, `rate_limited` */
export async function enterCode(account: AccountContext, text: string, code: string): Promise<string> {
  const link = await openLink(account, text)
  const { ctx } = link
  if (link.email === null) throw notFound()
  await refuseLocked(link)
  const fresh =
    link.code_hash !== null &&
    link.code_sent_at !== null &&
    link.code_attempts < codeTries &&
    ctx.now.getTime() - link.code_sent_at.getTime() < codeMinutes * 60_000
  if (!fresh || !timingSafeEqual(hashCode(link.id, code), link.code_hash!)) {
    await sql`
      update onboarding_link l set code_attempts = least(l.code_attempts + 1, 100), wrong_day = ${companyDay(ctx)},
        -- A code that is over tells nothing, whatever is entered.
        wrong_codes = case when l.wrong_day = ${companyDay(ctx)} then l.wrong_codes else 0 end + ${fresh ? 1 : 0}::smallint
      from tenant company where company.id = ${ctx.tenantId} and l.tenant_id = ${ctx.tenantId} and l.id = ${link.id}`.execute(
      ctx.tx,
    )
    const refused = new AppError('invalid_input', {
      ja: 'コードが正しくないか、有効期限が切れています。もう一度コードを送信してください。',
      en: 'The code is wrong or has expired. Have a new one sent.',
    })
    // The try counts although it failed.
    throw refused.keeping()
  }
  const session = newToken('onboarding')
  await sql`
    update onboarding_link set code_hash = null, session_hash = ${session.hash},
      session_until = ${ctx.now}::timestamptz + make_interval(hours => ${sessionHours})
    where tenant_id = ${ctx.tenantId} and id = ${link.id}`.execute(ctx.tx)
  record(ctx, { action: 'onboarding.code_entered', subject: { kind: 'onboarding_journey', id: link.journey } })
  return session.text
}
