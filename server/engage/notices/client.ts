import { lookup } from 'node:dns/promises'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api'
import { type FetchFunction, IncomingWebhook } from '@slack/webhook'
import { Webhook } from 'standardwebhooks'
import { invalidField } from '../../platform/errors/app-error.ts'
import type { Locale, Words } from '../../platform/errors/words.ts'
import { mayReach } from './address.ts'
import type { ChannelTarget, SlackTarget } from './contract/channels.ts'
import { type Message, slackMessage, smsBody, teamsMessage, webhookBody } from './message.ts'

/** How sending to a channel ended. */
export type Outcome =
  | { state: 'sent' }
  | { state: 'refused'; reason: string }
  /** @param after seconds, where the receiver said so */
  | { state: 'later'; reason: string; after?: number | undefined }

interface Surroundings {
  /** Addresses that are not of the public internet and may be reached all the same: ranges of the operator. */
  privateTargets: readonly string[]
  locale: Locale
}

/** Longest time from the look-up of the name to the last byte of the answer (ms). */
const longest = 10_000
/** Bytes of an answer that are read; what comes after is not. */
const mostAnswer = 65_536

/** An address that must not be reached. */
class Refused extends Error {}

/** Sends a message to a channel. It never throws for what the receiver does. */
export async function sendTo(
  target: ChannelTarget,
  message: Message,
  { privateTargets, locale }: Surroundings,
): Promise<Outcome> {
  const send = guardedFetch(privateTargets)
  try {
    switch (target.kind) {
      case 'slack': {
        const { text, blocks } = slackMessage(message, locale)
        await new IncomingWebhook(target.url, { fetch: send }).send({ text, blocks })
        return { state: 'sent' }
      }
      case 'slack_api': {
        const client = slackClient(target, send)
        await client.chat.postMessage({
          channel: target.channel,
          ...slackMessage(message, locale, target.signingSecret !== undefined),
        })
        return { state: 'sent' }
      }
      case 'teams':
        return judge(await post(send, target.url, JSON.stringify(teamsMessage(message, locale)), {}))
      default: {
        const body = target.kind === 'sms' ? smsBody(message, locale, target.numbers) : webhookBody(message)
        const text = JSON.stringify(body)
        return judge(await post(send, target.url, text, signed(target.secret!, message.id, text)))
      }
    }
  } catch (error) {
    return judgeError(error)
  }
}

function slackClient({ token, apiUrl }: SlackTarget, send: FetchFunction): WebClient {
  return new WebClient(token, {
    fetch: send,
    ...(apiUrl && { slackApiUrl: apiUrl.replace(/\/?$/, '/') }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  })
}

/**
 * The confirmed e-mail address of a person in Slack. Bots, guests, and people of other companies in a shared channel have none.
 * @throws Error when Slack does not answer or refuses, such as `missing_scope`
 */
export async function emailOfSlackUser(
  target: SlackTarget,
  userId: string,
  privateTargets: readonly string[],
): Promise<string | undefined> {
  const { user } = await slackClient(target, guardedFetch(privateTargets)).users.info({ user: userId })
  if (!user || user.id !== userId || user.deleted || user.is_bot || user.is_stranger || user.is_restricted)
    return undefined
  return user.is_email_confirmed === false ? undefined : user.profile?.email
}

/** Answers the press of a button. A card that is gone by then is no fault of ours. */
export async function answerSlack(url: string, body: object, privateTargets: readonly string[]): Promise<void> {
  await post(guardedFetch(privateTargets), url, JSON.stringify(body), {}).catch(() => undefined)
}

/** The head of a signed message (https://www.standardwebhooks.com). */
function signed(secret: string, id: string, body: string): Record<string, string> {
  const now = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  }
}

function post(send: FetchFunction, url: string, body: string, head: Record<string, string>): Promise<FetchResponse> {
  return send(url, { method: 'POST', headers: { 'content-type': 'application/json', ...head }, body })
}

function judge(response: FetchResponse): Outcome {
  if (response.ok) return { state: 'sent' }
  return byStatus(response.status, response.headers.get('retry-after'))
}

/** What a status means: too many requests and faults of the receiver pass, everything else is for a person to mend. */
function byStatus(status: number, retryAfter: string | null): Outcome {
  const reason = `HTTP ${status}`
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return { state: 'refused', reason }
  const seconds = Number(retryAfter)
  return { state: 'later', reason, after: seconds > 0 && seconds < 86_400 ? seconds : undefined }
}

interface SlackError extends Error {
  code?: string
  statusCode?: number
  retryAfter?: number
  original?: unknown
  cause?: unknown
  data?: { error?: string }
}

function judgeError(error: unknown): Outcome {
  const fault = error as SlackError
  for (let cause: unknown = error; cause instanceof Error; cause = (cause as SlackError).original ?? cause.cause) {
    if (cause instanceof Refused) return { state: 'refused', reason: cause.message }
  }
  if (fault.code === ErrorCode.RateLimitedError) return { state: 'later', reason: 'HTTP 429', after: fault.retryAfter }
  if (fault.code === ErrorCode.PlatformError) {
    // Such as channel_not_found, invalid_auth: a person mends the channel.
    return { state: 'refused', reason: `Slack: ${fault.data?.error ?? 'error'}`.slice(0, 200) }
  }
  if (typeof fault.statusCode === 'number') return byStatus(fault.statusCode, null)
  return { state: 'later', reason: fault.message.slice(0, 200) }
}

/**
 * A `fetch` for addresses that people enter: https (or http to what the operator allows), to the public internet only, at
 * the very address that was looked up and checked; no redirects, a time for the whole, a cap on the answer.
 */
function guardedFetch(allowed: readonly string[]): FetchFunction {
  return async (address, init = {}) => {
    const signal = AbortSignal.timeout(longest)
    const url = readTarget(String(address))
    const pinned = await resolveTarget(url, allowed, signal)
    const { status, headers, body } = await exchange(url, pinned, init, signal)
    if (status >= 300 && status < 400) throw new Refused(`HTTP ${status}: a redirect, which is not followed`)
    return {
      ok: status >= 200 && status < 300,
      status,
      statusText: '',
      url: url.href,
      headers: { get: name => headers.get(name.toLowerCase()) ?? null, entries: () => headers.entries() },
      arrayBuffer: async () => new Uint8Array(body).buffer,
      text: async () => body.toString('utf8'),
      json: async () => JSON.parse(body.toString('utf8')),
    }
  }
}

type FetchResponse = Awaited<ReturnType<FetchFunction>>
type Pinned = { address: string; family: number }
type Init = NonNullable<Parameters<FetchFunction>[1]>

function exchange(url: URL, pinned: Pinned, init: Init, signal: AbortSignal) {
  return new Promise<{ status: number; headers: Map<string, string>; body: Buffer }>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(
      url,
      {
        method: init.method ?? 'GET',
        headers: { ...init.headers, 'accept-encoding': 'identity' },
        agent: false,
        signal,
        // The connection goes to the address that was checked: a second look-up might be told another one.
        lookup: (_, options, found) =>
          options.all ? found(null, [pinned]) : found(null, pinned.address, pinned.family),
      },
      response => {
        const parts: Buffer[] = []
        let size = 0
        const done = () => {
          const headers = new Map(
            Object.entries(response.headers).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : (value ?? ''),
            ]),
          )
          resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(parts) })
        }
        response.on('data', (part: Buffer) => {
          size += part.length
          if (size <= mostAnswer) parts.push(part)
          else {
            done()
            response.destroy()
          }
        })
        response.on('end', done)
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(init.body as string)
  })
}

function readTarget(text: string): URL {
  if (!URL.canParse(text)) throw new Refused('The address is no URL.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Refused('The address does not begin with https://.')
  if (url.username || url.password) throw new Refused('The address holds a user name or password.')
  return url
}

/** The checked address of a host. Every address of its name has to be one that may be reached. */
async function resolveTarget(url: URL, allowed: readonly string[], signal: AbortSignal): Promise<Pinned> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const found = family > 0 ? [{ address: host, family }] : await lookUp(host, signal)
  for (const { address } of found) {
    if (!mayReach(address, allowed)) throw new Refused(`${host} is no address of the public internet.`)
    // Without TLS only inside of the operator's own network.
    if (url.protocol === 'http:' && mayReach(address, []))
      throw new Refused('The address does not begin with https://.')
  }
  if (!found[0]) throw new Error(`${host} has no address.`)
  return found[0]
}

async function lookUp(host: string, signal: AbortSignal): Promise<Pinned[]> {
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
  return Promise.race([lookup(host, { all: true, verbatim: true }), late])
}

/**
 * Refuses a target that must not be reached, before it is stored.
 * @throws AppError `invalid_input` with the reason
 */
export async function checkTarget(target: ChannelTarget, privateTargets: readonly string[]): Promise<void> {
  const [field, address] =
    target.kind === 'slack_api' ? (['apiUrl', target.apiUrl] as const) : (['url', target.url] as const)
  if (address === undefined) return
  try {
    await resolveTarget(readTarget(address), privateTargets, AbortSignal.timeout(5_000))
  } catch (error) {
    throw invalidField(`body.target.${field}`, error instanceof Refused ? refusedWords : unknownHost)
  }
}

const refusedWords: Words = {
  ja: 'このアドレスには送信できません。https:// で始まる、インターネットから到達できるアドレスを入力してください。社内のアドレスへ送るには、設置者が KIZUNA_PRIVATE_TARGETS で許可します。',
  en: 'Nothing can be sent to this address. Enter one that begins with https:// and that the internet can reach. For an address inside the company the operator allows it by KIZUNA_PRIVATE_TARGETS.',
}
const unknownHost: Words = {
  ja: 'ホスト名が見つかりません。綴りを確認してください。',
  en: 'The host name cannot be found. Check its spelling.',
}
