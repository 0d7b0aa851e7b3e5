import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { Analytics } from '@segment/analytics-node'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { listen, newSource, processAll, rollUpFaults } from '../../../tests/support/ingest.ts'

let application: TestApplication
let company: TestCompany
let address: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  address = await listen(application)
})
afterAll(() => application.end())

async function stored(sourceId: string) {
  return asSystem(company, async ctx => {
    const { rows } = await sql<Record<string, unknown>>`
      select type, person, name, group_id, other_person, properties from usage_event
      where tenant_id = ${ctx.tenantId} and source_id = ${sourceId} order by type, name`.execute(ctx.tx)
    return rows
  })
}

describe('unmodified SDKs (CUS-40)', () => {
  it('delivers by Segment for Node', async () => {
    const source = await newSource(company)
    const analytics = new Analytics({ writeKey: source.writeKey, host: address, flushAt: 3 })
    const failures: unknown[] = []
    analytics.on('error', failure => failures.push(failure))
    const person = { userId: 'seg-1' }
    analytics.identify({ ...person, traits: { name: '高橋 健', email: 'Ken@Example.test', favourite: '青' } })
    analytics.group({ ...person, groupId: 'acme', traits: { name: '株式会社アクメ', employees: 120, plan: 'Pro' } })
    analytics.track({ ...person, event: 'レポート閲覧', properties: { count: 3, nested: { quote: '"\\' } } })
    analytics.page({ ...person, name: 'ホーム' })
    analytics.screen({ ...person, name: 'Settings' })
    analytics.track({ anonymousId: 'anon-1', event: 'Landing' })
    analytics.alias({ previousId: 'anon-1', userId: 'seg-1' })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])
    expect(await stored(source.id)).toEqual([
      expect.objectContaining({ type: 'alias', person: 'u:seg-1', other_person: 'a:anon-1' }),
      expect.objectContaining({ type: 'group', group_id: 'acme' }),
      expect.objectContaining({ type: 'identify' }),
      expect.objectContaining({ type: 'page', name: 'ホーム' }),
      expect.objectContaining({ type: 'screen', name: 'Settings' }),
      expect.objectContaining({ type: 'track', name: 'Landing', person: 'a:anon-1' }),
      expect.objectContaining({ name: 'レポート閲覧', properties: { count: 3, nested: { quote: '"\\' } } }),
    ])
    await processAll(company)
    expect(await rollUpFaults(company)).toEqual([])
    const record = await asSystem(company, async ctx => {
      const { rows } = await sql<Record<string, unknown>>`
        select c.name, c.email, c.traits, c.origin, k.name as customer, k.external_id, k.employee_count, k.plan,
          (select count(*)::int from usage_daily d where d.tenant_id = c.tenant_id and d.contact_id = c.id and d.customer_id = k.id) as features
        from contact c join customer k on k.tenant_id = c.tenant_id and k.id = c.customer_id
        where c.tenant_id = ${ctx.tenantId} and c.external_id = 'seg-1'`.execute(ctx.tx)
      return rows
    })
    expect(record).toEqual([
      {
        name: '高橋 健',
        email: 'ken@example.test',
        traits: { favourite: '青' },
        origin: 'ingest',
        customer: '株式会社アクメ',
        external_id: 'acme',
        employee_count: 120,
        plan: 'Pro',
        features: 4,
      },
    ])
  })

  it('delivers by RudderStack for Node: gzip, content type of a form', async () => {
    const source = await newSource(company)
    const rudder = new RudderAnalytics(source.writeKey, { dataPlaneUrl: address, flushAt: 5, logLevel: 'none' })
    rudder.identify({ userId: 'rud-1', traits: { email: 'rud@example.test' } })
    for (let count = 0; count < 9; count++) rudder.track({ userId: 'rud-1', event: 'Clicked', properties: { count } })
    await rudder.flush()
    await rudder.flush()
    await rudder.flush()
    const rows = await stored(source.id)
    expect(rows.map(row => row.type).sort()).toEqual(['identify', ...Array(9).fill('track')])
    await processAll(company)
    expect(await rollUpFaults(company)).toEqual([])
  })
})

describe('while the connections of the database are cut (I1, I2, I8)', () => {
  it('stores every event that an SDK reports as delivered, once', async () => {
    const source = await newSource(company)
    const superuser = new pg.Client({ connectionString: application.database.superuserUrl })
    await superuser.connect()
    const delivered = new Set<string>()
    let cuts = 0
    let sending = true
    const cutting = (async () => {
      while (sending) {
        await delay(120)
        const { rowCount } = await superuser.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        cuts += rowCount ?? 0
      }
    })()
    await Promise.all([bySegment(source.writeKey, 1_500, delivered), byRudder(source.writeKey, 1_500, delivered)])
    sending = false
    await cutting
    await superuser.end()
    expect(cuts).toBeGreaterThan(3)
    expect(delivered.size).toBe(3_000)
    // Connections that were cut while they rested are found out one by one.
    for (let rested = application.pool.idleCount; rested > 0; rested--) {
      await application.pool.query('select 1').catch(() => {})
    }
    const times = await asSystem(company, async ctx => {
      const { rows } = await sql<{ id: string; times: number }>`
        select message_id as id, count(*)::int as times from usage_event
        where tenant_id = ${ctx.tenantId} and source_id = ${source.id} group by message_id`.execute(ctx.tx)
      return new Map(rows.map(row => [row.id, row.times]))
    })
    expect([...delivered].filter(id => times.get(id) !== 1)).toEqual([])
    await processAll(company)
    expect(await rollUpFaults(company)).toEqual([])
    // No connection was lost to the pool: each is back, or gone.
    expect(application.pool.idleCount).toBe(application.pool.totalCount)
  })

  async function bySegment(writeKey: string, count: number, delivered: Set<string>): Promise<void> {
    const analytics = new Analytics({ writeKey, host: address, flushAt: 50, flushInterval: 100, maxRetries: 100 })
    analytics.on('error', () => {})
    for (let at = 0; at < count; at += 300) {
      await Promise.all(
        Array.from({ length: 300 }, (_, index) => {
          const messageId = randomUUID()
          return new Promise<void>(resolve => {
            analytics.track({ messageId, userId: `cut-${index % 9}`, event: 'Segment' }, (_fault, ctx) => {
              if (!ctx?.failedDelivery()) delivered.add(messageId)
              resolve()
            })
          })
        }),
      )
    }
    await analytics.closeAndFlush()
  }

  async function byRudder(writeKey: string, count: number, delivered: Set<string>): Promise<void> {
    const rudder = new RudderAnalytics(writeKey, {
      dataPlaneUrl: address,
      flushAt: 50,
      flushInterval: 100,
      retryCount: 100,
      axiosRetryConfig: { retryDelay: () => 50 },
      logLevel: 'none',
      errorHandler: () => {},
    })
    for (let at = 0; at < count; at += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const messageId = randomUUID()
          return new Promise<void>(resolve => {
            // Its types know nothing of the error that it passes.
            const event = { messageId, userId: `cut-${index % 9}`, event: 'Rudder' }
            rudder.track(event, (...faults: unknown[]) => {
              if (!faults[0]) delivered.add(messageId)
              resolve()
            })
          })
        }),
      )
    }
  }
})
