import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../support/application.ts'
import { launchBrowser, type TestBrowser } from '../support/browser.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { listen, newSource, processAll } from '../support/ingest.ts'

/** A page of somebody else's, at another origin, with Segment's browser SDK as it is published. */
const shop = `<!doctype html><html lang="en"><head><title>Shop</title><script src="/analytics.js"></script></head><body><main><h1>Shop</h1></main></body></html>`

let application: TestApplication
let company: TestCompany
let browser: TestBrowser
let server: Server
let baseUrl: string
let host: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  host = new URL(await listen(application)).host
  const require = createRequire(import.meta.url)
  const script = readFileSync(join(dirname(require.resolve('@segment/analytics-next')), '../umd/index.js'))
  server = createServer((request, reply) => {
    const isScript = request.url === '/analytics.js'
    reply.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    reply.end(isScript ? script : request.url === '/favicon.ico' ? '' : shop)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await application.end()
})

async function deliver(writeKey: string, batching: boolean): Promise<void> {
  const visitor = await browser.newPage({ baseUrl, locale: 'en' })
  await visitor.page.goto('/pricing')
  await visitor.page.evaluate(
    async ({ key, apiHost, batches }) => {
      const sdk = (globalThis as unknown as { AnalyticsNext: typeof import('@segment/analytics-next') }).AnalyticsNext
      const deliveryStrategy = batches
        ? { strategy: 'batching' as const, config: { size: 5, timeout: 100 } }
        : undefined
      const segment = { apiHost, protocol: 'http' as const, apiKey: key, ...(deliveryStrategy && { deliveryStrategy }) }
      const [analytics] = await sdk.AnalyticsBrowser.load(
        { writeKey: key, cdnSettings: { integrations: { 'Segment.io': segment } } },
        { integrations: { 'Segment.io': segment } },
      )
      await analytics.track('Before sign-in', { count: 1 })
      await analytics.page('Pricing')
      await analytics.identify('web-1', { email: 'web@example.test', name: '山本 愛' })
      await analytics.group('web-company', { name: '山本商店' })
      await analytics.track('After sign-in', { text: '漢字' })
    },
    { key: writeKey, apiHost: `${host}/v1`, batches: batching },
  )
  await expect.poll(() => typesOf(), { timeout: 10_000 }).toEqual(['group', 'identify', 'page', 'track', 'track'])
  await visitor.close()
}

async function typesOf(): Promise<unknown[]> {
  return asSystem(company, async ctx => {
    const { rows } = await sql<{ type: string }>`
      select type from usage_event where tenant_id = ${ctx.tenantId} order by type`.execute(ctx.tx)
    return rows.map(row => row.type)
  })
}

describe('the unmodified browser SDK in a real browser (CUS-40)', () => {
  it.each([false, true])('delivers from a page of another origin (in batches: %s)', async batching => {
    company = await newCompany(application)
    const { writeKey } = await newSource(company)
    await deliver(writeKey, batching)
    await processAll(company)
    const record = await asSystem(company, async ctx => {
      const { rows } = await sql`
        select c.name, c.email, k.name as customer, (
            select json_agg(json_build_array(d.feature, d.events, d.customer_id = k.id) order by d.feature) from usage_daily d
            where d.tenant_id = ${ctx.tenantId} and d.contact_id = c.id) as use
        from contact c join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id where c.tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      )
      return rows
    })
    expect(record).toEqual([
      {
        name: '山本 愛',
        email: 'web@example.test',
        customer: '山本商店',
        use: [
          ['After sign-in', 1, true],
          ['Before sign-in', 1, true],
          ['page:Pricing', 1, true],
        ],
      },
    ])
  })
})
