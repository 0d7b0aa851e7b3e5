import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Origin } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { localeOf } from '../errors/words.ts'
import { traced } from '../telemetry/measure.ts'
import type { RawContract } from './contract.ts'
import { take } from './limits.ts'
import { networkOf } from './network.ts'

/** A request as it came: nothing of its body is read as anything yet. */
export interface RawRequest {
  /** The pattern that matched: the contract's path, or one of its other names. */
  route: string
  method: string
  params: Readonly<Record<string, string>>
  headers: IncomingHttpHeaders
  body: Buffer
  origin: Origin
}

/** What a raw route answers: an object becomes JSON, anything else is sent as it is, of its type. */
export interface RawReply {
  status: 200 | 202 | 302 | 404
  body: object | string | Buffer
  type?: string
  headers?: Readonly<Record<string, string>>
}

export interface RawImplementation {
  contract: RawContract
  /**
   * Looks at the head of a request before its body is read.
   * @throws AppError to refuse it at next to no cost
   */
  admit?(installation: Installation, headers: IncomingHttpHeaders): void
  /** Authenticates, reads, and works in transactions of its own, by `inTenant` or `OpenTransaction`. */
  handle(installation: Installation, request: RawRequest): Promise<RawReply>
}

/** How long a browser may remember what CORS allows (s). */
const preflightAge = 7_200

/** What one network may ask of a signed address in a minute: mail providers fetch for very many people, floods are more. */
const linksPerMinute = 6_000

/**
 * Registers routes that programs of others call in a protocol of theirs: bodies of any content type, who calls is found
 * by the handler, no session, no cookie, no CSRF check. Request id, telemetry, security headers and problem details are
 * those of all routes.
 */
export async function registerRawRoutes(
  app: FastifyInstance,
  installation: Installation,
  implementations: readonly RawImplementation[],
): Promise<void> {
  for (const implementation of implementations) {
    await app.register(async scope => registerRaw(scope, installation, implementation))
  }
}

function registerRaw(scope: FastifyInstance, installation: Installation, implementation: RawImplementation): void {
  const { contract } = implementation
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: contract.bodyLimit }, (_request, body, done) =>
    done(null, body),
  )
  if (contract.anyOrigin) allowAnyOrigin(scope)
  const points = contract.limitPerMinute ?? (contract.access === 'link' ? linksPerMinute : 'none')
  const limiter =
    points === 'none' ? undefined : new RateLimiterMemory({ keyPrefix: contract.operation, points, duration: 60 })
  for (const url of [contract.path, ...(contract.alsoAt ?? [])]) {
    if (contract.anyOrigin) scope.options(url, async (_request, reply) => reply.code(204).send())
    scope.route({
      method: contract.method,
      url,
      bodyLimit: contract.bodyLimit,
      onRequest: async request => {
        if (limiter) await take(limiter, networkOf(request.ip))
        implementation.admit?.(installation, request.headers)
      },
      handler: (request, reply) =>
        traced(`${contract.method} ${url}`, { 'http.route': url, 'kizuna.request': request.id }, async () =>
          answer(reply, await implementation.handle(installation, rawRequest(request, url))),
        ),
    })
  }
}

/**
 * Browsers of any page may send here and read the answer: there is no cookie that could be misused, and credentials are
 * not allowed. Failures carry the headers, too, so that a page sees the status.
 */
function allowAnyOrigin(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*')
    reply.header('cross-origin-resource-policy', 'cross-origin')
    if (request.method !== 'OPTIONS') {
      reply.header('access-control-expose-headers', 'Retry-After, X-RateLimit-Reset, X-Request-Id')
      return
    }
    reply.header('access-control-allow-methods', 'POST')
    // Authorization must be named: the asterisk does not stand for it.
    reply.header(
      'access-control-allow-headers',
      'Authorization, Content-Type, Content-Encoding, X-Retry-Count, AnonymousId',
    )
    reply.header('access-control-max-age', String(preflightAge))
  })
}

function rawRequest(request: FastifyRequest, route: string): RawRequest {
  return {
    route,
    method: request.method,
    params: request.params as Record<string, string>,
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    origin: {
      requestId: request.id,
      network: request.ip,
      locale: localeOf(request.headers['accept-language']),
      now: new Date(),
    },
  }
}

function answer(reply: FastifyReply, { status, body, type, headers }: RawReply): FastifyReply {
  reply.code(status).header('cache-control', 'no-store')
  if (type === undefined) return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value)
  return reply.type(type).send(body)
}

/** The user of `Authorization: Basic`, where programs of others put the key that names them; undefined without one. */
export function basicUser(headers: IncomingHttpHeaders): string | undefined {
  const encoded = /^basic\s+([\w+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon < 0 ? pair : pair.slice(0, colon)
}
