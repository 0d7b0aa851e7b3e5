/**
 * Events a second through HTTP: 100 events a batch on 32 connections, with authentication, validation, tenancy, dedupe
 * and a durable COMMIT before each answer, against PostgreSQL alone taking the same rows in the same run: by COPY, and by
 * INSERT ... SELECT unnest ON CONFLICT of 1,000 rows, each on one and on two connections. Also how fast the processor
 * turns them into roll-ups. By turns; medians.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { processEvents } from '../server/collect/ingest/commands/process.ts'
import { createSource } from '../server/collect/ingest/commands/sources.ts'
import { reactions, vocabulary } from '../server/modules.ts'
import type { TenantId } from '../server/platform/context/context.ts'
import type { Installation } from '../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { createPerson, provisionCompany } from '../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

const rounds = 5
const events = 60_000
const perBatch = 100
const perStatement = 1_000
const connections = 32
const persons = 2_000
const names = ['Report Viewed', 'Item Created', 'Search Performed', 'Export Finished', 'Comment Added']
const origin = { requestId: 'bench', network: undefined, locale: 'en', now: new Date() } as const
const actor = { kind: 'system', id: undefined, name: 'bench' } as const

interface Event {
  type: 'track'
  messageId: string
  userId: string
  event: string
  timestamp: string
  properties: Record<string, unknown>
  context: object
  integrations: object
}

const postgres = await startTestPostgres()
const children: ChildProcess[] = []
const pool = createPool(applicationUrl(postgres.url, testRootKey), 2)
const installation: Installation = {
  pool,
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://localhost',
  smtp: undefined,
}
// The peer's own: no tenants, no row-level security, one table with the key of the messages.
const peer = new pg.Pool({ connectionString: databaseOf(postgres.superuserUrl), max: 2 })
peer.on('error', () => {})
try {
  const { tenantId, writeKey } = await seed()
  await peer.query(`create table peer (
    source_id uuid, message_id text, occurred_at timestamptz, type text, person text, name text, properties jsonb,
    received_at timestamptz, primary key (source_id, message_id))`)
  const port = await startServer()
  const source = randomUUID()
  // Each writes its messages before the clock starts: the sender's work is not the database's.
  const contestants: [string, (list: Event[]) => () => Promise<unknown>][] = [
    ['kizuna, HTTP', list => send(port, writeKey, list)],
    ['COPY, 1 connection', list => copy(source, list, 1)],
    ['COPY, 2 connections', list => copy(source, list, 2)],
    ['unnest, 1 connection', list => unnest(source, list, 1)],
    ['unnest, 2 connections', list => unnest(source, list, 2)],
  ]
  for (const [, prepare] of contestants) await prepare(eventList(10_000))()
  await processRest(tenantId)
  const rates = new Map<string, number[]>(contestants.map(([name]) => [name, []]))
  const processing: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [name, prepare] of round % 2 ? contestants.toReversed() : contestants) {
      const take = prepare(eventList(events))
      const begin = performance.now()
      await take()
      rates.get(name)!.push(events / ((performance.now() - begin) / 1_000))
    }
    processing.push(await processRest(tenantId))
  }
  const rate = (name: string) => median(rates.get(name)!)
  for (const [name] of contestants) console.log(`${name.padEnd(24)} ${rate(name).toFixed(0).padStart(7)} events/s`)
  console.log(`${'processed to roll-ups'.padEnd(24)} ${median(processing).toFixed(0).padStart(7)} events/s, one worker`)
  for (const peerName of ['unnest, 2 connections', 'COPY, 1 connection', 'unnest, 1 connection']) {
    report({
      bench: peerName === 'unnest, 1 connection' ? 'ingest' : `ingest against ${peerName}`,
      figure: rate('kizuna, HTTP'),
      unit: 'events/s',
      peer: `PostgreSQL alone: ${peerName}`,
      peerFigure: rate(peerName),
      ratio: rate('kizuna, HTTP') / rate(peerName),
      aim: peerName === 'unnest, 1 connection' ? 0.5 : 0.25,
    })
  }
} finally {
  for (const child of children) child.kill('SIGKILL')
  await pool.end()
  await peer.end()
  await postgres.end()
}

function databaseOf(superuserUrl: string): string {
  const url = new URL(superuserUrl)
  url.pathname = new URL(postgres.url).pathname
  return url.toString()
}

async function seed(): Promise<{ tenantId: TenantId; writeKey: string }> {
  const tenantId = await inAccount(installation, origin, async account => {
    const person = {
      name: 'B',
      email: 'b@example.test',
      passwordHash: 'none',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    } as const
    const id = await createPerson(account, person)
    const company = { name: 'ベンチ株式会社', slug: 'bench', locale: 'ja', timeZone: 'Asia/Tokyo' } as const
    return (await provisionCompany(account, company, id!)).tenantId
  })
  const { writeKey } = await inTenant(installation, origin, tenantId, actor, ctx =>
    createSource(ctx, { name: 'bench', kind: 'server' }),
  )
  return { tenantId, writeKey }
}

async function startServer(): Promise<number> {
  const port = await freePort()
  const child = fork('server/main.ts', ['serve'], {
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      PORT: `${port}`,
      KIZUNA_KEYS: `test:${testRootKey.toString('base64')}`,
      KIZUNA_DEMO: 'off',
      LOG_LEVEL: 'warn',
    },
  })
  children.push(child)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code} before it was ready.`)
  })
  await Promise.race([once(child, 'message'), ended])
  return port
}

function eventList(count: number): Event[] {
  const now = Date.now()
  return Array.from({ length: count }, (_, index) => ({
    messageId: `node-next-${now}-${randomUUID()}`,
    type: 'track' as const,
    userId: `user-${Math.floor(Math.random() * persons)}`,
    event: names[index % names.length]!,
    timestamp: new Date(now - Math.floor(Math.random() * 3_600_000)).toISOString(),
    properties: { plan: 'pro', count: index, path: '/projects/42/board', duration: 12.5, shared: index % 3 === 0 },
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
    integrations: {},
  }))
}

function send(port: number, writeKey: string, list: Event[]): () => Promise<void> {
  const sentAt = new Date().toISOString()
  const bodies = Array.from({ length: list.length / perBatch }, (_, index) =>
    Buffer.from(JSON.stringify({ batch: list.slice(index * perBatch, (index + 1) * perBatch), sentAt })),
  )
  const authorization = `Basic ${btoa(`${writeKey}:`)}`
  return async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let body = bodies.pop(); body; body = bodies.pop()) await post(port, agent, authorization, body)
      }),
    )
    agent.destroy()
  }
}

function post(port: number, agent: Agent, authorization: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json', 'content-length': body.length }
    const call = request({ host: '127.0.0.1', port, path: '/v1/batch', method: 'POST', agent, headers }, reply => {
      reply.resume()
      reply.on('end', () =>
        reply.statusCode === 200 ? resolve() : reject(new Error(`The server answered ${reply.statusCode}.`)),
      )
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** The list in parts, one for each connection, each in statements. */
function statements<Statement>(list: Event[], count: number, write: (rows: Event[]) => Statement): Statement[][] {
  const share = Math.ceil(list.length / count)
  return Array.from({ length: count }, (_, index) => {
    const own = list.slice(index * share, (index + 1) * share)
    return Array.from({ length: Math.ceil(own.length / perStatement) }, (_, part) =>
      write(own.slice(part * perStatement, (part + 1) * perStatement)),
    )
  })
}

function copy(source: string, list: Event[], count: number): () => Promise<unknown> {
  const now = new Date().toISOString()
  const line = (row: Event) => [
    source,
    row.messageId,
    row.timestamp,
    'track',
    `u:${row.userId}`,
    row.event,
    JSON.stringify(row.properties),
    now,
  ]
  const texts = statements(list, count, rows => rows.map(row => `${line(row).join('\t')}\n`).join(''))
  return () =>
    Promise.all(
      texts.map(async own => {
        const client = await peer.connect()
        await pipeline(Readable.from(own), client.query(copyFrom('copy peer from stdin')))
        client.release()
      }),
    )
}

function unnest(source: string, list: Event[], count: number): () => Promise<unknown> {
  const text = `insert into peer select $1::uuid, line.id, line.at, 'track', line.person, line.name, line.properties, now()
    from unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::jsonb[]) as line (id, at, person, name, properties)
    on conflict do nothing`
  const values = statements(list, count, rows => [
    source,
    rows.map(row => row.messageId),
    rows.map(row => row.timestamp),
    rows.map(row => `u:${row.userId}`),
    rows.map(row => row.event),
    rows.map(row => JSON.stringify(row.properties)),
  ])
  return () =>
    Promise.all(
      values.map(async own => {
        const client = await peer.connect()
        for (const each of own) await client.query({ name: 'peer', text, values: each })
        client.release()
      }),
    )
}

/** @returns events a second */
async function processRest(tenantId: TenantId): Promise<number> {
  const begin = performance.now()
  let [before, left] = [0, await waiting(tenantId)]
  const total = left
  while (left > 0 && left !== before) {
    await inTenant(installation, { ...origin, now: new Date() }, tenantId, actor, processEvents)
    before = left
    left = await waiting(tenantId)
  }
  return total / ((performance.now() - begin) / 1_000)
}

function waiting(tenantId: TenantId): Promise<number> {
  return inTenant(installation, origin, tenantId, actor, async ctx => {
    const rows = await ctx.tx
      .selectFrom('ingest_batch')
      .select('accepted')
      .where('tenant_id', '=', ctx.tenantId)
      .execute()
    return rows.reduce((sum, row) => sum + row.accepted, 0)
  })
}
