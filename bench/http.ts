/**
 * Requests a second of an authenticated list (50 members, API key, tenant transaction, row-level security) against a
 * bare Fastify + pg server that runs the same query in the same PostgreSQL, with neither. Both are processes of their
 * own; runs alternate. Also: what the tenant transaction itself costs.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import pg from 'pg'
import { reactions, vocabulary } from '../server/modules.ts'
import type { Installation } from '../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { makeApiKey } from '../server/platform/identity/commands/api-keys.ts'
import { addMember, createPerson, provisionCompany } from '../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

const rounds = 3
const seconds = 5
const connections = 32
const members = 60

const postgres = await startTestPostgres()
const children: ChildProcess[] = []
try {
  const { key, tenantId } = await seed(applicationUrl(postgres.url, testRootKey))
  const [ours, bareRows, bareJson] = [await freePort(), await freePort(), await freePort()]
  await start('server/main.ts', ['serve'], {
    DATABASE_URL: postgres.url,
    PORT: `${ours}`,
    KIZUNA_KEYS: `test:${testRootKey.toString('base64')}`,
    KIZUNA_REQUESTS_PER_MINUTE: '1000000',
    KIZUNA_DEMO: 'off',
    LOG_LEVEL: 'warn',
  })
  await start('bench/support/bare-server.ts', [postgres.superuserUrl, `${bareRows}`, tenantId, 'rows'])
  await start('bench/support/bare-server.ts', [postgres.superuserUrl, `${bareJson}`, tenantId, 'json'])

  const targets: { name: string; url: string; headers: Record<string, string> }[] = [
    {
      name: 'kizuna',
      url: `http://127.0.0.1:${ours}/api/v1/members?limit=50`,
      headers: { authorization: `Bearer ${key}` },
    },
    { name: 'bare, rows', url: `http://127.0.0.1:${bareRows}/members`, headers: {} },
    { name: 'bare, JSON by PostgreSQL', url: `http://127.0.0.1:${bareJson}/members`, headers: {} },
  ]
  const results = new Map<string, { rate: number; p99: number }[]>(targets.map(target => [target.name, []]))
  for (const target of targets) await load(target, 2)
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) results.get(target.name)!.push(await load(target, seconds))
  }
  const rate = (name: string) => median(results.get(name)!.map(result => result.rate))
  const p99 = (name: string) => median(results.get(name)!.map(result => result.p99))
  for (const { name } of targets)
    console.log(`${name.padEnd(26)} ${rate(name).toFixed(0).padStart(7)} requests/s   p99 ${p99(name)} ms`)

  await transactionCost(applicationUrl(postgres.url, testRootKey), tenantId)
  report({
    bench: 'http p99',
    figure: p99('kizuna'),
    unit: 'ms',
    peer: 'bare Fastify + pg',
    peerFigure: p99('bare, rows'),
    ratio: p99('bare, rows') / p99('kizuna'),
    aim: 0.5,
  })
  const prepared = rate('bare, JSON by PostgreSQL')
  report({
    bench: 'http, strongest peer',
    figure: rate('kizuna'),
    unit: 'requests/s',
    peer: 'bare Fastify + pg, statement prepared, JSON by PostgreSQL',
    peerFigure: prepared,
    ratio: rate('kizuna') / prepared,
    aim: 0.5,
  })
  const peer = rate('bare, rows')
  report({
    bench: 'http',
    figure: rate('kizuna'),
    unit: 'requests/s',
    peer: 'bare Fastify + pg',
    peerFigure: peer,
    ratio: rate('kizuna') / peer,
    aim: 0.5,
  })
} finally {
  for (const child of children) child.kill('SIGKILL')
  await postgres.end()
}

async function seed(url: string): Promise<{ key: string; tenantId: string }> {
  const pool = createPool(url, 2)
  const installation: Installation = {
    pool,
    keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
    reactions,
    vocabulary,
    address: 'http://localhost',
    smtp: undefined,
  }
  const origin = { requestId: 'bench', network: undefined, locale: 'en', now: new Date() } as const
  const person = (index: number) => ({
    name: `担当者 ${index}`,
    email: `person${index}@example.test`,
    passwordHash: 'none',
    locale: 'ja' as const,
    timeZone: 'Asia/Tokyo',
  })
  const tenantId = await inAccount(installation, origin, async account => {
    const id = await createPerson(account, person(0))
    const company = { name: 'ベンチ株式会社', slug: 'bench', locale: 'ja', timeZone: 'Asia/Tokyo' } as const
    const ctx = await provisionCompany(account, company, id!)
    for (let index = 1; index < members; index++)
      await addMember(ctx, (await createPerson(account, person(index)))!, 'csm')
    return ctx.tenantId
  })
  const actor = { kind: 'system', id: undefined, name: 'bench' } as const
  const { key } = await inTenant(installation, origin, tenantId, actor, ctx =>
    makeApiKey(ctx, { name: 'bench', role: 'analyst', scopes: [], expiresAt: null }),
  )
  await pool.query('vacuum analyze').catch(() => {})
  await pool.end()
  return { key, tenantId }
}

async function start(script: string, parameters: string[], environment: Record<string, string> = {}): Promise<void> {
  const child = fork(script, parameters, { env: { ...process.env, ...environment } })
  children.push(child)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code} before it was ready.`)
  })
  await Promise.race([once(child, 'message'), ended])
}

async function load(
  target: { url: string; headers: Record<string, string> },
  duration: number,
): Promise<{ rate: number; p99: number }> {
  const result = await autocannon({ url: target.url, headers: target.headers, connections, duration })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${target.url}: ${result.non2xx} refused, ${result.errors} errors`)
  return { rate: result.requests.average, p99: result.latency.p99 }
}

/** BEGIN, SET LOCAL, one row, COMMIT against the one row alone: 8 connections, no HTTP. */
async function transactionCost(url: string, tenantId: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  const one = `select id from tenant where id = '${tenantId}'`
  const plain = await perSecond(() => pool.query(one))
  const inTransaction = await perSecond(async () => {
    const client = await pool.connect()
    await client.query(`begin; set local app.tenant = '${tenantId}'; ${one}`)
    await client.query('commit')
    client.release()
  })
  await pool.end()
  report({
    bench: 'tenant transaction',
    figure: inTransaction,
    unit: 'transactions/s',
    peer: 'the statement alone',
    peerFigure: plain,
    ratio: inTransaction / plain,
    aim: 0.4,
  })
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const count = 8_000
    const begin = performance.now()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let index = 0; index < count / 8; index++) await work()
      }),
    )
    rates.push(count / ((performance.now() - begin) / 1_000))
  }
  return median(rates)
}
