/**
 * Our queue against graphile-worker with its local queue, by turns in the same PostgreSQL: how many small jobs a second
 * one worker runs that do nothing (ours with a real context, in a tenant's transaction that completes them), and how
 * long a job takes from the call that enqueues it to its start while little is going on.
 */
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { sql } from 'kysely'
import pg from 'pg'
import { pino } from 'pino'
import { z } from 'zod'
import { reactions, vocabulary } from '../server/modules.ts'
import { enqueue, type Origin, tenantIdOf } from '../server/platform/context/context.ts'
import type { Installation } from '../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { tenantJob } from '../server/platform/work/definition.ts'
import { startRunner } from '../server/platform/work/runner.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

const rounds = 3
const jobs = 20_000
const samples = 400
const pause = 15

/** A worker that waits for jobs; `started` is called by each. */
interface Contestant {
  name: string
  /** Enqueues many in one transaction. */
  fill(count: number): Promise<void>
  enqueueOne(): Promise<void>
  /** How many are left in the table. */
  left(): Promise<number>
  stop(): Promise<void>
}

const origin: Origin = { requestId: 'bench', network: undefined, locale: 'en', now: new Date() }
const actor = { kind: 'system', id: undefined, name: 'bench' } as const
let started = () => {}

const postgres = await startTestPostgres()
try {
  const contestants: [string, () => Promise<Contestant>][] = [
    ['kizuna', () => ours(20)],
    ['graphile-worker', graphile],
    ['kizuna, one tenant', () => ours(1)],
    ['kizuna, 2,000 tenants', () => ours(2_000)],
  ]
  const rates = new Map<string, number[]>(contestants.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // By turns in both directions, so that none always runs on the other's leftovers.
    for (const [name, make] of round % 2 ? contestants.toReversed() : contestants) {
      rates.get(name)!.push(await throughput(await make()))
    }
  }
  const rate = (name: string) => median(rates.get(name)!)
  for (const [name] of contestants) console.log(`${name.padEnd(24)} ${rate(name).toFixed(0).padStart(7)} jobs/s`)

  const times = { kizuna: await latency(await ours(20)), peer: await latency(await graphile()) }
  for (const [name, { p50, p95 }] of Object.entries(times))
    console.log(
      `${name.padEnd(24)} p50 ${p50.toFixed(2)} ms   p95 ${p95.toFixed(2)} ms from the call to enqueue to the start`,
    )
  report({
    bench: 'jobs latency p95',
    figure: times.kizuna.p95,
    unit: 'ms',
    peer: `graphile-worker (${times.peer.p95.toFixed(2)} ms); the ratio is that of 10 ms`,
    peerFigure: times.peer.p95,
    ratio: 10 / times.kizuna.p95,
    aim: 1,
  })
  report({
    bench: 'jobs',
    figure: rate('kizuna'),
    unit: 'jobs/s',
    peer: 'graphile-worker, local queue',
    peerFigure: rate('graphile-worker'),
    ratio: rate('kizuna') / rate('graphile-worker'),
    aim: 0.8,
  })
} finally {
  await postgres.end()
}

async function throughput(contestant: Contestant): Promise<number> {
  // The first jobs warm up connections and plans.
  await runAll(contestant, 2_000)
  const rate = await runAll(contestant, jobs)
  await contestant.stop()
  return rate
}

async function runAll(contestant: Contestant, count: number): Promise<number> {
  let open = count
  const { promise, resolve } = Promise.withResolvers<void>()
  started = () => {
    if (--open === 0) resolve()
  }
  await contestant.fill(count)
  const filled = performance.now()
  await promise
  while ((await contestant.left()) > 0) await sleep(2)
  const seconds = (performance.now() - filled) / 1_000
  return count / seconds
}

async function latency(contestant: Contestant): Promise<{ p50: number; p95: number }> {
  await runAll(contestant, 200)
  const times: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const { promise, resolve } = Promise.withResolvers<void>()
    started = resolve
    const begin = performance.now()
    await Promise.all([contestant.enqueueOne(), promise.then(() => times.push(performance.now() - begin))])
    await sleep(pause)
  }
  await contestant.stop()
  times.sort((one, other) => one - other)
  return { p50: times[Math.floor(samples * 0.5)]!, p95: times[Math.floor(samples * 0.95)]! }
}

async function ours(tenantCount: number): Promise<Contestant> {
  const pool = createPool(applicationUrl(postgres.url, testRootKey), 16)
  const installation: Installation = {
    pool,
    keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
    reactions,
    vocabulary,
    address: 'http://localhost',
    smtp: undefined,
  }
  const definition = tenantJob({
    name: 'bench.nothing',
    payload: z.object({ number: z.number() }),
    handle: async () => started(),
  })
  const runner = startRunner({ installation, definitions: [definition], workers: 4, log: pino({ level: 'warn' }) })
  const tenants = Array.from({ length: tenantCount }, (_, index) =>
    tenantIdOf(`00000000-0000-7000-8000-${String(index).padStart(12, '0')}`),
  )
  return {
    name: 'kizuna',
    fill: count =>
      inAccount(installation, origin, async account => {
        const each = Math.max(1, count / tenantCount)
        for (const tenant of tenants.slice(0, count)) {
          const requests = Array.from({ length: each }, (_, number) => ({ name: 'bench.nothing', payload: { number } }))
          const ctx = await account.enter(tenant, actor)
          for (const request of requests) enqueue(ctx, request)
        }
      }),
    enqueueOne: () =>
      inTenant(installation, origin, tenants[0]!, actor, async ctx =>
        enqueue(ctx, { name: 'bench.nothing', payload: { number: 1 } }),
      ),
    left: () =>
      inAccount(installation, origin, async account => {
        const { rows } = await sql<{ count: number }>`select count(*) as count from job`.execute(account.tx)
        return rows[0]!.count
      }),
    async stop() {
      await runner.close()
      await pool.end()
    },
  }
}

/** With its local queue and batched completion; of 8 to 64 places and queues of 500 and 1,000 none was clearly faster. */
async function graphile(): Promise<Contestant> {
  const pgPool = new pg.Pool({
    connectionString: postgres.superuserUrl.replace(/[^/]*$/, new URL(postgres.url).pathname.slice(1)),
    max: 16,
  })
  // Idle connections end with the server; without a listener that would end this process.
  pgPool.on('error', () => {})
  const logger = new Logger(() => () => {})
  const utils = await makeWorkerUtils({ pgPool, logger })
  await utils.migrate()
  const runner = await run({
    pgPool,
    logger,
    noHandleSignals: true,
    taskList: { nothing: async () => started() },
    preset: {
      worker: {
        concurrentJobs: 24,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  })
  return {
    name: 'graphile-worker',
    async fill(count) {
      const requests = Array.from({ length: count }, (_, number) => ({ identifier: 'nothing', payload: { number } }))
      await utils.addJobs(requests)
    },
    enqueueOne: async () => void (await utils.addJob('nothing', { number: 1 })),
    left: async () =>
      (await pgPool.query('select count(*)::int as count from graphile_worker._private_jobs')).rows[0].count,
    async stop() {
      await runner.stop()
      await utils.release()
      await pgPool.end()
    },
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
