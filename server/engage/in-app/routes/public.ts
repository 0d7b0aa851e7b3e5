import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { z } from 'zod'
import { type Context, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { RawContract } from '../../../platform/http/contract.ts'
import { tooMany } from '../../../platform/http/limits.ts'
import { basicUser, type RawImplementation, type RawReply, type RawRequest } from '../../../platform/http/raw.ts'
import { readToken } from '../../../platform/secrets/token.ts'
import { inTenant } from '../../../platform/tenancy/transaction.ts'
import { personOf } from '../commands/person.ts'
import { tellEvents } from '../commands/tell.ts'
import { askBody, askInApp, tellBody, tellInApp } from '../contract/public.ts'
import { messagesFor } from '../queries/shown.ts'

const actor = { kind: 'system', id: undefined, name: 'in_app' } as const

/** What one network may ask for in a minute, counted per server process: enough for an office, too little for trying ids. */
const networks = new RateLimiterMemory({ keyPrefix: 'in_app', points: 600, duration: 60 })
/** What one user of a source may. */
const people = new RateLimiterMemory({ keyPrefix: 'in_app_person', points: 120, duration: 60 })

/**
 * Reads a request of the tracker and works for the contact that it speaks for. A key or person that is none of ours gets
 * the same answer as one for whom nothing waits.
 * @throws AppError `unauthenticated` without anything that looks like a write key, `malformed`, `rate_limited`
 */
async function asPerson<Body extends typeof askBody | typeof tellBody>(
  installation: Installation,
  request: RawRequest,
  shape: Body,
  work: (ctx: Context, contactId: string, body: z.output<Body>) => Promise<void>,
): Promise<void> {
  await take(networks, request.origin.network ?? '')
  const json = jsonOf(request.body)
  const said = basicUser(request.headers) ?? (json as { writeKey?: unknown } | null)?.writeKey
  const token = typeof said === 'string' ? readToken('source', said) : undefined
  if (!token?.tenantId) {
    throw new AppError('unauthenticated', {
      ja: '書き込みキーを指定してください。',
      en: 'Send the write key of a source.',
    })
  }
  const read = shape.safeParse(json)
  if (!read.success) {
    throw new AppError('malformed', {
      ja: '本文の形式が正しくありません。',
      en: 'The body has not the shape it must have.',
    })
  }
  const body = read.data as z.output<Body>
  await take(people, `${token.hash.toString('base64')} ${body.userId}`)
  await inTenant(installation, request.origin, tenantIdOf(token.tenantId), actor, async ctx => {
    const asker = { keyHash: token.hash, userId: body.userId, userHash: body.userHash }
    const contactId = await personOf(ctx, asker)
    if (contactId !== undefined) await work(ctx, contactId, body)
  })
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw tooMany(refused.msBeforeNext / 1_000)
    throw refused
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replaceAll('\u0000', ''))
  } catch {
    return null
  }
}

const route = (
  contract: RawContract,
  answer: (installation: Installation, request: RawRequest) => Promise<object>,
): RawImplementation => ({
  contract,
  handle: async (installation, request): Promise<RawReply> => ({
    status: 200,
    body: await answer(installation, request),
  }),
})

export const publicRoutes: readonly RawImplementation[] = [
  route(askInApp, async (installation, request) => {
    let messages: object[] = []
    await asPerson(installation, request, askBody, async (ctx, contactId, body) => {
      messages = await messagesFor(ctx, contactId, { path: body.path, language: body.language })
    })
    return { messages }
  }),
  route(tellInApp, async (installation, request) => {
    await asPerson(installation, request, tellBody, (ctx, contactId, body) => tellEvents(ctx, contactId, body.events))
    return { success: true }
  }),
]
