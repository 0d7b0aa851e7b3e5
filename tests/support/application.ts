import type { FastifyInstance, InjectOptions } from 'fastify'
import type pg from 'pg'
import { pino } from 'pino'
import { implementations, rawImplementations, reactions, vocabulary } from '../../server/modules.ts'
import type { Installation } from '../../server/platform/context/installation.ts'
import { createPool } from '../../server/platform/db/pool.ts'
import type { RouteContract, RouteInput, RouteReply } from '../../server/platform/http/contract.ts'
import { createServer } from '../../server/platform/http/server.ts'
import { createAuthenticator } from '../../server/platform/identity/authenticate.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { OpenApiCheck } from './openapi-check.ts'
import { testRootKey } from './root-key.ts'

export const testAddress = 'http://kizuna.test'

export interface TestApplication {
  app: FastifyInstance
  installation: Installation
  pool: pg.Pool
  database: TestDatabase
  /** Every successful answer is checked against the served document. */
  document: OpenApiCheck
  end(): Promise<void>
}

interface Wishes {
  requestsPerMinute?: number
  trustedProxies?: string[]
  smtp?: Installation['smtp']
  privateTargets?: string[]
  address?: string
}

/** The product's server on a database of the calling test file's own; requests go in through `inject`. */
export async function testApplication(wishes: Wishes = {}): Promise<TestApplication> {
  const database = await testDatabase()
  const pool = createPool(database.appUrl, 8)
  const installation: Installation = {
    pool,
    keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
    reactions,
    vocabulary,
    address: wishes.address ?? testAddress,
    smtp: wishes.smtp,
    ...(wishes.privateTargets && { privateTargets: wishes.privateTargets }),
  }
  const app = await createServer({
    installation,
    authenticator: createAuthenticator(installation.address),
    implementations,
    rawImplementations,
    logger: pino({ level: 'error' }),
    trustedProxies: wishes.trustedProxies ?? [],
    requestsPerMinute: wishes.requestsPerMinute ?? 1_000_000,
    pages: new URL('../../web/dist/', import.meta.url).pathname,
    metrics: async () => '',
  })
  await app.ready()
  const document = new OpenApiCheck((await app.inject('/openapi.json')).body)
  return {
    app,
    installation,
    pool,
    database,
    document,
    async end() {
      await app.close()
      await pool.end()
      await database.drop()
    },
  }
}

export interface Answer<Body> {
  status: number
  body: Body
  /** The body as problem details, for failures. */
  problem: { code: string; detail: string; errors?: { path: string; message: string }[]; requestId: string }
  headers: Record<string, unknown>
  text: string
}

type Input<Contract extends RouteContract> = Partial<{
  [Key in keyof RouteInput<Contract>]: unknown
}> & { headers?: Record<string, string>; remoteAddress?: string }

/** A caller of the API: a browser with its cookie, a program with its key, or nobody. */
export class Caller {
  readonly application: TestApplication
  cookie: string | undefined
  bearer: string | undefined

  constructor(application: TestApplication, identity: { cookie?: string; bearer?: string } = {}) {
    this.application = application
    this.cookie = identity.cookie
    this.bearer = identity.bearer
  }

  /** Calls a route as its contract declares it; what is sent is not checked here, so that faults can be sent too. */
  async call<Contract extends RouteContract>(
    contract: Contract,
    input: Input<Contract> = {},
  ): Promise<Answer<RouteReply<Contract>>> {
    const params = (input.params ?? {}) as Record<string, string>
    const url = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'missing'))
    return this.send({
      method: contract.method,
      url,
      query: input.query as Record<string, string> | undefined,
      payload: input.body as object | undefined,
      headers: input.headers,
      remoteAddress: input.remoteAddress,
    }) as Promise<Answer<RouteReply<Contract>>>
  }

  async send(options: InjectOptions): Promise<Answer<unknown>> {
    const headers: Record<string, string> = { ...(options.headers as Record<string, string>) }
    if (this.cookie) headers.cookie ??= this.cookie
    if (this.bearer) headers.authorization ??= `Bearer ${this.bearer}`
    const reply = await this.application.app.inject({ ...options, headers })
    const set = reply.headers['set-cookie']
    const first = Array.isArray(set) ? set[0] : set
    if (first) this.cookie = /Expires=Thu, 01 Jan 1970/.test(first) ? undefined : first.split(';')[0]
    const isJson =
      String(reply.headers['content-type']).includes('json') &&
      !String(reply.headers['content-type']).includes('ndjson')
    const body = isJson && reply.body !== '' ? JSON.parse(reply.body) : undefined
    const path = String(options.url).split('?')[0]!
    const faults =
      body !== undefined && reply.statusCode < 300
        ? this.application.document.faults(options.method ?? 'GET', path, reply.statusCode, body)
        : []
    if (faults.length > 0)
      throw new Error(`${options.method} ${path} answers what /openapi.json does not allow: ${faults.join('; ')}`)
    return { status: reply.statusCode, body, problem: body, headers: reply.headers, text: reply.body }
  }
}
