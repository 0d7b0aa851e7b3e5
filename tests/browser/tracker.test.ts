import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tracker } from '../../tracker/source/tracker.ts'
import { type TestApplication, testApplication } from '../support/application.ts'
import { launchBrowser, type PageOptions, type TestBrowser, type TestPage } from '../support/browser.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { listen, newSource, processAll, type TestSource } from '../support/ingest.ts'

/** A page of somebody else's, at another origin, whose policy allows no inline script. */
const shopOf = (attributes: string) =>
  `<!doctype html><html lang="en"><head><title>Shop</title><script src="/stub.js"></script>
   <script src="${address}/tracker.js" data-write-key="${source.writeKey}" ${attributes} async></script></head><body><main><h1>Shop</h1></main></body></html>`
/** What a site keeps in a file of its own: calls before the tracker is there. */
const stub = `window.kizuna = window.kizuna || []
for (const name of ['page', 'track', 'identify', 'group', 'alias', 'reset', 'consent'])
  window.kizuna[name] ||= (...given) => window.kizuna.push([name, ...given])
window.kizuna.track('Early', { from: 'stub' })`

let application: TestApplication
let company: TestCompany
let source: TestSource
let browser: TestBrowser
let server: Server
let shop: string
let address: string
let attributes = ''

beforeAll(async () => {
  application = await testApplication()
  address = await listen(application)
  server = createServer((request, reply) => {
    const isStub = request.url === '/stub.js'
    reply.setHeader('content-type', isStub ? 'text/javascript' : 'text/html')
    reply.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self' ${address}; connect-src ${address}`,
    )
    reply.end(isStub ? stub : request.url === '/favicon.ico' ? '' : shopOf(attributes))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})
beforeEach(async () => {
  company = await newCompany(application)
  source = await newSource(company)
  attributes = 'data-consent="granted"'
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await application.end()
})

interface Stored {
  type: string
  name: string | null
  person: string
  messageId: string
}

/** What the server holds, in the order in which it was said. */
function stored(): Promise<Stored[]> {
  return asSystem(company, async ctx => {
    const { rows } = await sql<Stored>`
      select type, name, person, message_id as "messageId" from usage_event where tenant_id = ${ctx.tenantId}
      order by occurred_at, batch_id, place`.execute(ctx.tx)
    return rows
  })
}
const names = async () => (await stored()).map(({ name }) => name ?? '').sort()

async function visit(options: PageOptions = {}): Promise<TestPage> {
  const visitor = await browser.newPage({ baseUrl: shop, locale: 'en', ...options })
  await open(visitor.page, '/')
  return visitor
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await ready(page)
}

/** The stub is an array; the tracker has emptied it. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => (globalThis as unknown as { kizuna: unknown[] }).kizuna.length === 0)
}

function run<Given>(page: Page, work: (kizuna: Tracker, given: Given) => void, given?: Given): Promise<void> {
  return page.evaluate(`(${work})(globalThis.kizuna, ${JSON.stringify(given ?? null)})`)
}

const storage = (page: Page) => page.evaluate(() => ({ ...localStorage }) as Record<string, string>)

/** Requests for batches: how many, and how many messages each held. */
function watchBatches(context: BrowserContext): number[] {
  const sizes: number[] = []
  context.on('request', request => {
    if (request.url().endsWith('/v1/batch')) sizes.push(JSON.parse(request.postData() ?? '{"batch":[]}').batch.length)
  })
  return sizes
}

const wait = { timeout: 15_000, interval: 100 }

describe('the tracker on a page of another origin (CUS-40)', () => {
  it('sends in batches what was said, before it was there too, and ties it to user and company', async () => {
    const visitor = await visit()
    const sizes = watchBatches(visitor.context)
    await run(visitor.page, kizuna => {
      for (let number = 0; number < 45; number++) kizuna.track('Many', { number })
      kizuna.page('Pricing')
      kizuna.identify('web-1', { email: 'web@example.test', name: '山本 愛' })
      kizuna.group('web-company', { name: '山本商店' })
      kizuna.track('After sign-in', { text: '漢字' })
    })
    await expect.poll(async () => (await stored()).length, wait).toBe(50)
    expect(sizes.length).toBeLessThanOrEqual(3)
    expect(new Set((await stored()).map(({ messageId }) => messageId)).size).toBe(50)
    await processAll(company)
    const used = await asSystem(company, async ctx => {
      const { rows } = await sql`
        select c.name, k.name as customer, json_object_agg(d.feature, d.events) as use
        from contact c join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id
        join usage_daily d on d.tenant_id = ${ctx.tenantId} and d.contact_id = c.id and d.customer_id = k.id
        where c.tenant_id = ${ctx.tenantId} group by 1, 2`.execute(ctx.tx)
      return rows
    })
    const use = { Early: 1, Many: 45, 'page:Pricing': 1, 'After sign-in': 1 }
    expect(used).toEqual([{ name: '山本 愛', customer: '山本商店', use }])
    expect(Object.keys(await storage(visitor.page)).filter(name => name.includes('queue:'))).toEqual([])
    await visitor.close()
  })

  it('keeps the person apart who signs in after another, and after a reset', async () => {
    const visitor = await visit()
    await run(visitor.page, kizuna => {
      kizuna.identify('one')
      kizuna.identify('two')
      kizuna.reset()
      kizuna.track('Nobody')
    })
    await expect.poll(async () => (await stored()).length, wait).toBe(4)
    const links = await asSystem(company, async ctx => {
      const { rows } = await sql<{ person: string; other: string }>`
        select person, other_person as other from usage_event
        where tenant_id = ${ctx.tenantId} and type = 'identify' order by person`.execute(ctx.tx)
      return rows
    })
    expect(links.map(({ person }) => person)).toEqual(['u:one', 'u:two'])
    const anonymous = (await stored()).find(({ name }) => name === 'Nobody')!.person
    expect(new Set([...links.map(({ other }) => other), anonymous]).size).toBe(3)
    await visitor.close()
  })

  it('calls pages by itself where the script element says so', async () => {
    attributes = 'data-consent="granted" data-page="auto"'
    const visitor = await visit()
    await visitor.page.evaluate(() => {
      history.pushState(null, '', '/products?token=secret#part')
      history.replaceState(null, '', '/products?token=other')
    })
    await expect.poll(names, wait).toEqual(['/', '/products', 'Early'])
    await visitor.close()
  })
})

describe('what cannot be sent now', () => {
  it('waits while the browser is offline, and goes when it is back', async () => {
    const visitor = await visit()
    await expect.poll(names, wait).toEqual(['Early'])
    await visitor.context.setOffline(true)
    await run(visitor.page, kizuna => {
      for (const name of ['A', 'B', 'C']) kizuna.track(name)
    })
    await delay(3_000)
    expect(await names()).toEqual(['Early'])
    await visitor.context.setOffline(false)
    await expect.poll(names, wait).toEqual(['A', 'B', 'C', 'Early'])
    visitor.faults.length = 0
    await visitor.close()
  })

  it('survives a reload, and counts once however often it is sent', async () => {
    const visitor = await visit()
    await expect.poll(names, wait).toEqual(['Early'])
    await visitor.context.route('**/v1/batch', route => route.abort())
    await run(visitor.page, kizuna => kizuna.track('Kept'))
    await delay(2_500)
    await visitor.page.reload()
    await ready(visitor.page)
    // The server stores, but its answer is lost on the way: the tracker must send again.
    let lost = 0
    await visitor.context.unroute('**/v1/batch')
    await visitor.context.route('**/v1/batch', async route => {
      if (lost++ > 1) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await expect.poll(async () => lost, wait).toBeGreaterThanOrEqual(3)
    await expect
      .poll(async () => Object.keys(await storage(visitor.page)).filter(name => name.includes('queue:')), wait)
      .toEqual([])
    expect(await names()).toEqual(['Early', 'Early', 'Kept'])
    visitor.faults.length = 0
    await visitor.close()
  })

  it('goes when the page is left', async () => {
    const visitor = await visit()
    await run(visitor.page, kizuna => kizuna.track('Last words'))
    await visitor.page.goto('about:blank')
    await expect.poll(names, { timeout: 3_000, interval: 50 }).toEqual(['Early', 'Last words'])
    await visitor.close()
  })

  it('waits as long as Retry-After says, and is never sent again after a refusal', async () => {
    const visitor = await visit()
    await expect.poll(names, wait).toEqual(['Early'])
    const sent: number[] = []
    await visitor.context.route('**/v1/batch', route => {
      sent.push(Date.now())
      const headers = {
        'retry-after': '4',
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'Retry-After',
      }
      return sent.length === 1 ? route.fulfill({ status: 429, headers }) : route.continue()
    })
    await run(visitor.page, kizuna => kizuna.track('Slowly'))
    await expect.poll(async () => sent.length, wait).toBe(1)
    await run(visitor.page, kizuna => {
      for (let number = 0; number < 25; number++) kizuna.track('Slowly')
    })
    await expect.poll(async () => (await names()).length, wait).toBe(27)
    expect(sent[1]! - sent[0]!).toBeGreaterThanOrEqual(4_000)
    await visitor.context.unroute('**/v1/batch')
    let refused = 0
    await visitor.context.route('**/v1/batch', route => {
      refused += 1
      return route.fulfill({ status: 400, headers: { 'access-control-allow-origin': '*' } })
    })
    await run(visitor.page, kizuna => kizuna.track('Refused'))
    await expect.poll(async () => refused, wait).toBe(1)
    await delay(4_000)
    expect(refused).toBe(1)
    expect(Object.keys(await storage(visitor.page)).filter(name => name.includes('queue:'))).toEqual([])
    await visitor.close()
  })

  it('keeps to the limit that the server sets', async () => {
    source = await newSource(company, 1)
    const visitor = await visit()
    await expect.poll(names, wait).toEqual(['Early'])
    await run(visitor.page, kizuna => kizuna.track('Too much'))
    const until = async () =>
      Number(Object.entries(await storage(visitor.page)).find(([name]) => name.endsWith(':until'))?.[1] ?? 0)
    await expect.poll(async () => (await until()) > Date.now(), wait).toBe(true)
    expect(Object.values(await storage(visitor.page)).join()).toContain('Too much')
    await visitor.close()
  })
})

describe('consent', () => {
  it('stores and sends nothing before it is granted, then everything; it is remembered, until denied', async () => {
    attributes = ''
    const visitor = await visit()
    const sizes = watchBatches(visitor.context)
    await run(visitor.page, kizuna => kizuna.track('Before'))
    await delay(3_000)
    expect(sizes).toEqual([])
    expect(await storage(visitor.page)).toEqual({})
    await run(visitor.page, kizuna => kizuna.consent('granted'))
    await expect.poll(names, wait).toEqual(['Before', 'Early'])
    await visitor.page.reload()
    await ready(visitor.page)
    await expect.poll(names, wait).toEqual(['Before', 'Early', 'Early'])
    await run(visitor.page, kizuna => {
      kizuna.track('Withdrawn')
      kizuna.consent('denied')
      kizuna.track('Never')
    })
    await delay(3_000)
    expect(await storage(visitor.page)).toEqual({})
    expect(await names()).toEqual(['Before', 'Early', 'Early'])
    expect(await visitor.context.cookies()).toEqual([])
    await visitor.close()
  })
})
