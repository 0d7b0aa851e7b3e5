import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Installation } from '../context/installation.ts'
import { AppError, notFound } from '../errors/app-error.ts'
import { measureRequest } from '../telemetry/measure.ts'
import type { Authenticator } from './authenticate.ts'
import { registerRoute } from './gate.ts'
import type { Implementation } from './implement.ts'
import { createLimits } from './limits.ts'
import { openApiDocument } from './openapi.ts'
import { servePages } from './pages.ts'
import { sendProblem } from './problem.ts'
import { type RawImplementation, registerRawRoutes } from './raw.ts'

export interface ServerOptions {
  installation: Installation
  authenticator: Authenticator
  implementations: readonly Implementation[]
  rawImplementations: readonly RawImplementation[]
  logger: FastifyBaseLogger
  /** Addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  trustedProxies: string[]
  /** Requests a minute for one account. */
  requestsPerMinute: number
  /** Folder of the built pages. */
  pages: string
  /** Prometheus text of this process's metrics, for the operator. */
  metrics(): Promise<string>
}

/** The HTTP server with every route, not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { installation } = options
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
    bodyLimit: 1_048_576,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    routerOptions: { maxParamLength: 200 },
  })
  // JSON is the one form of a body: a form of another site can send plain text, but not JSON, without asking first.
  app.removeContentTypeParser('text/plain')
  // Nor can it send bytes; the gate lets them in where a contract takes them.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.setErrorHandler(sendProblem)
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
    hsts: installation.address.startsWith('https:'),
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const { method } = request
    const status = reply.statusCode
    measureRequest(reply.elapsedTime / 1_000, { route, method, status })
    // The pattern of the route, never the address: it may hold a name that somebody searched for.
    const line = { requestId: request.id, method, route, status, milliseconds: Math.round(reply.elapsedTime) }
    if (status >= 500) request.log.warn(line, 'request')
    else request.log.debug(line, 'request')
  })
  const contracts = options.implementations.map(({ contract }) => contract)
  const raw = options.rawImplementations.map(({ contract }) => contract)
  refuseDoubles([...contracts, ...raw].map(contract => contract.operation))
  const gate = { installation, authenticator: options.authenticator, limits: createLimits(options.requestsPerMinute) }
  for (const implementation of options.implementations) registerRoute(app, gate, implementation)
  await registerRawRoutes(app, installation, options.rawImplementations)
  const document = JSON.stringify(openApiDocument(contracts, raw, installation.address))
  app.get('/openapi.json', async (_, reply) => reply.type('application/json; charset=utf-8').send(document))
  addHealth(app, options)
  await servePages(app, options.pages)
  return app
}

/** No inline script or style, no plug-in, no frame: what a stored text could smuggle in does not run. */
const contentPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

function addHealth(app: FastifyInstance, { installation, metrics }: ServerOptions): void {
  let draining = false
  app.addHook('preClose', async () => {
    draining = true
  })
  // Alive: the process answers. Whether it can work is /readyz.
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    if (draining) return reply.code(503).send({ status: 'draining' })
    try {
      await installation.pool.query('select 1')
      return { status: 'ready' }
    } catch {
      return reply.code(503).header('retry-after', '2').send({ status: 'no database' })
    }
  })
  // For the operator on this machine; a scraper elsewhere comes through their own proxy.
  app.get('/metrics', async (request, reply) => {
    if (!isLoopback(request.socket.remoteAddress) || request.headers['x-forwarded-for'] !== undefined) throw notFound()
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics())
  })
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply))
}

function isLoopback(address: string | undefined): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
}

function refuseDoubles(operations: string[]): void {
  const double = operations.find((operation, index) => operations.indexOf(operation) !== index)
  if (double)
    throw new AppError('internal', { ja: `操作名が重複しています: ${double}`, en: `Two routes are named ${double}.` })
}
