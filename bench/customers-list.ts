/**
 * How long a page of customers takes at 210,000 customers of one company, over HTTP with an API key, tenant transaction
 * and row-level security: the first page, a filtered and sorted page, a page far down, and a search. Beside it bare
 * statements of the same pages in the same PostgreSQL, without tenant, row-level security, HTTP and the record's JSON.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { reactions, vocabulary } from '../server/modules.ts'
import type { Installation } from '../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { makeApiKey } from '../server/platform/identity/commands/api-keys.ts'
import { createPerson, provisionCompany } from '../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { freePort } from '../tests/support/free-port.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { median, report } from './support/report.ts'

/** What the portfolio shows beside the record: five metrics out of the kept figures, alerts, the change of health. */
const portfolioMetrics = [
  'usage.active_share_30',
  'usage.active_days_30',
  'usage.events_change_28',
  'tickets.open_now',
  'surveys.nps_score',
]
const portfolioFields = [...portfolioMetrics.map(key => `metrics.${key}`), 'openAlerts', 'healthChange30'].join(',')
const customers = 210_000
const requests = 300
const rounds = 3

const postgres = await startTestPostgres()
const admin = new pg.Client({ connectionString: postgres.superuserUrl })
let server: ChildProcess | undefined
try {
  await admin.connect()
  const { key, tenantId } = await prepare()
  await fill(tenantId)
  const port = await freePort()
  server = await start(port)
  const address = `http://127.0.0.1:${port}/api/v1/customer-success/customers`
  const headers = { authorization: `Bearer ${key}` }
  const get = async (query: string) => {
    const answer = await fetch(`${address}?limit=50&${query}`, { headers })
    const body = (await answer.json()) as { items: unknown[]; next: string }
    if (answer.status !== 200 || body.items.length === 0)
      throw new Error(`${query}: ${answer.status} ${JSON.stringify(body).slice(0, 300)}`)
    return body.next
  }
  const filter = encodeURIComponent(
    JSON.stringify({
      all: [
        { field: 'status', op: 'in', value: ['ACTIVE', 'AT_RISK'] },
        { field: 'arr', op: 'at_least', value: 300_000 },
        { field: 'renewalOn', op: 'within_next_days', value: 90 },
      ],
    }),
  )
  let deep = await get('sort=arr&order=desc')
  for (let page = 0; page < 200; page++) deep = await get(`sort=arr&order=desc&cursor=${encodeURIComponent(deep)}`)
  const pages: Record<string, string> = {
    'first page': 'sort=name',
    'filtered, sorted page': `sort=renewalOn&filter=${filter}`,
    'page 200 by ARR': `sort=arr&order=desc&cursor=${encodeURIComponent(deep)}`,
    'own customers by health': `ownerId=${owner(7)}&sort=healthScore`,
    'portfolio: seven fields beside the record, by ARR': `sort=arr&order=desc&fields=${portfolioFields}`,
    search: `search=${encodeURIComponent('商事12345')}`,
  }
  const bare: Record<string, string> = {
    'first page': 'order by name, id limit 51',
    'filtered, sorted page': `and status in ('ACTIVE', 'AT_RISK') and arr_order >= 300000 and renewal_on between current_date and current_date + 90 order by renewal_on, id limit 51`,
  }
  for (const [name, query] of Object.entries(pages)) {
    const figure = await p99(() => get(query))
    console.log(`${name.padEnd(26)} p50 ${figure.p50.toFixed(1)} ms   p99 ${figure.p99.toFixed(1)} ms`)
    const statement = bare[name]
    if (!statement) continue
    const peer = await p99(() =>
      admin.query(`select to_json(c) from customer c where tenant_id = $1 and merged_into is null ${statement}`, [
        tenantId,
      ]),
    )
    report({
      bench: `customers-list, ${name}, p99`,
      figure: figure.p99,
      unit: 'ms (aim: below 50)',
      peer: 'bare statement of the same page, no HTTP, no row-level security',
      peerFigure: peer.p99,
      ratio: peer.p99 / figure.p99,
      aim: peer.p99 / 50,
    })
  }
} finally {
  server?.kill()
  if (server) await once(server, 'exit')
  await admin.end()
  await postgres.end()
}

/** Median over the rounds of the 99th percentile, one request after the other. */
async function p99(work: () => Promise<unknown>): Promise<{ p50: number; p99: number }> {
  for (let index = 0; index < 20; index++) await work()
  const runs: number[][] = []
  for (let round = 0; round < rounds; round++) {
    const times: number[] = []
    for (let index = 0; index < requests; index++) {
      const begin = performance.now()
      await work()
      times.push(performance.now() - begin)
    }
    runs.push(times.sort((one, other) => one - other))
  }
  return {
    p50: median(runs.map(times => times[Math.floor(times.length * 0.5)]!)),
    p99: median(runs.map(times => times[Math.floor(times.length * 0.99)]!)),
  }
}

function owner(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

async function prepare(): Promise<{ key: string; tenantId: string }> {
  const pool = createPool(applicationUrl(postgres.url, testRootKey), 2)
  const installation: Installation = {
    pool,
    keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
    reactions,
    vocabulary,
    address: 'http://127.0.0.1',
    smtp: undefined,
  }
  const origin = { requestId: 'bench', network: undefined, locale: 'en', now: new Date() } as const
  try {
    const tenantId = await inAccount(installation, origin, async account => {
      const userId = await createPerson(account, {
        name: 'A',
        email: 'a@example.com',
        passwordHash: 'x',
        locale: 'ja',
        timeZone: 'Asia/Tokyo',
      })
      const ctx = await provisionCompany(
        account,
        { name: 'Bench', slug: 'bench', locale: 'ja', timeZone: 'Asia/Tokyo' },
        userId!,
      )
      return ctx.tenantId
    })
    const actor = { kind: 'system', id: undefined, name: 'bench' } as const
    const key = await inTenant(installation, origin, tenantId, actor, ctx =>
      makeApiKey(ctx, { name: 'bench', role: 'administrator', scopes: [], expiresAt: null }),
    )
    return { key: key.key, tenantId }
  } finally {
    await pool.end()
  }
}

/** 200,000 Free, 10,000 Pro and 200 Enterprise customers, 120 CSMs, tags, and the search list. */
async function fill(tenantId: string): Promise<void> {
  await admin.query(
    `insert into customer (tenant_id, id, external_id, name, currency, plan, status, tier_key, tier, owner_id, mrr, renewal_on, health_score,
       health_level, last_contact_at, licence_count, industry, origin)
     select $1, ('01890000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'c' || i, '株式会社' || (array['青葉','北辰','瀬戸内','三河','信州'])[1 + i % 5] || '商事' || i, 'JPY',
       case when i % 1050 = 0 then 'Enterprise' when i % 21 = 0 then 'Pro' else 'Free' end,
       (array['ACTIVE','ACTIVE','ACTIVE','ONBOARDING','AT_RISK','CHURNED'])[1 + (i * 7) % 6], 'free', 'TRIAL',
       ('00000000-0000-7000-8000-' || lpad((i % 120)::text, 12, '0'))::uuid,
       case when i % 1050 = 0 then 500000 + i % 900000 when i % 21 = 0 then 15000 + i % 40000 else 0 end,
       case when i % 21 = 0 then current_date + (i * 13) % 400 end, case when i % 11 > 0 then (i * 17) % 101 end, 'GOOD',
       now() - (i % 300) * interval '1 day', i % 50, 'IT', 'api'
     from generate_series(1, $2::int) i`,
    [tenantId, customers],
  )
  await admin.query(
    `insert into search_piece (tenant_id, kind, piece, record_id)
     select distinct tenant_id, 'customer', substr(name, p, 3), id from customer c, generate_series(5, length(c.name)) p where tenant_id = $1`,
    [tenantId],
  )
  await admin.query('insert into tag (tenant_id, id, name) values ($1, $2, $3)', [tenantId, owner(999), '重点'])
  await admin.query(
    'insert into customer_tag (tenant_id, customer_id, tag_id) select $1, id, $2 from customer where tenant_id = $1 and licence_count = 3',
    [tenantId, owner(999)],
  )
  for (const [at, key] of portfolioMetrics.entries()) {
    await admin.query('insert into metric_place (tenant_id, key, place) values ($1, $2, $3)', [tenantId, key, at + 90])
  }
  // As long as the figures of a company with its own metrics are.
  await admin.query(
    `insert into customer_figures (tenant_id, customer_id, day, figures, computed_at)
     select $1, id, current_date, (select array_agg(((licence_count * n) % 97)::float8) from generate_series(1, 120) n), now()
     from customer where tenant_id = $1`,
    [tenantId],
  )
  await admin.query(
    `insert into health_daily (tenant_id, day, customer_id, scorecard_id, version, score, coverage, scores, inputs)
     select $1, current_date - 31, id, id, 1, 50, 1, '{}', '{}' from customer where tenant_id = $1`,
    [tenantId],
  )
  await admin.query('vacuum analyze customer, search_piece, customer_tag, customer_figures, health_daily')
}

async function start(port: number): Promise<ChildProcess> {
  const child = fork('server/main.ts', ['serve'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: postgres.url,
      PORT: `${port}`,
      KIZUNA_KEYS: `test:${testRootKey.toString('base64')}`,
      KIZUNA_REQUESTS_PER_MINUTE: '1000000',
      KIZUNA_DEMO: 'off',
      LOG_LEVEL: 'warn',
    },
  })
  await once(child, 'message')
  return child
}
