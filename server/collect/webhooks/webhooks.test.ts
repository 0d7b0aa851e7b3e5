import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { followDelivery } from './commands/follow.ts'
import { listWebhookDeliveries, makeWebhookEndpoint, rotateWebhookSecret } from './contract.ts'
import { signatureOf } from './signature.ts'

let application: TestApplication
let company: TestCompany
let endpoint: { id: string; path: string; secret: string }

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  endpoint = (await company.admin.call(makeWebhookEndpoint, { body: { name: '製品' } })).body
})
afterAll(() => application.end())

interface Wishes {
  id?: string
  /** Seconds from now. */
  shift?: number
  secrets?: string[]
  /** What is sent in place of what was signed. */
  sent?: string
  path?: string
}

async function tell(
  event: object,
  { id = randomUUID(), shift = 0, secrets = [endpoint.secret], sent, path }: Wishes = {},
) {
  const body = JSON.stringify(event)
  const timestamp = String(Math.floor(Date.now() / 1_000) + shift)
  return new Caller(application).send({
    method: 'POST',
    url: path ?? endpoint.path,
    payload: sent ?? body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': secrets.map(secret => signatureOf(secret, id, timestamp, Buffer.from(body))).join(' '),
    },
  })
}

/** Runs the jobs that wait for deliveries. */
async function follow(): Promise<void> {
  const { rows } = await application.pool.query(
    `delete from job where tenant_id = $1 and name = 'webhooks.follow' returning payload`,
    [company.tenantId],
  )
  for (const { payload } of rows) await asSystem(company, ctx => followDelivery(ctx, payload))
}

async function customer(externalId: string) {
  return asSystem(company, async ctx => {
    const { rows } = await sql<Record<string, unknown>>`
      select name, plan, status, churned_on::text as churned_on, churn_reason from customer
      where tenant_id = ${ctx.tenantId} and external_id = ${externalId}`.execute(ctx.tx)
    return rows[0]
  })
}

async function audited(): Promise<string[]> {
  return asSystem(company, async ctx => {
    const { rows } = await sql<{ reason: string }>`
      select details ->> 'reason' as reason from audit_entry
      where tenant_id = ${ctx.tenantId} and action = 'webhook.refused' and outcome = 'refused' order by sequence`.execute(
      ctx.tx,
    )
    return rows.map(row => row.reason)
  })
}

const now = () => new Date().toISOString()

describe('product webhooks (CUS-42)', () => {
  it('follows a sign-up, an upgrade and churn, and tells of the churn', async () => {
    const data = {
      userId: 'w1',
      email: 'W1@Example.test',
      name: '中村 蓮',
      plan: 'Free',
      customerId: 'c1',
      customerName: '中村工業',
    }
    expect((await tell({ type: 'user.signed_up', timestamp: now(), data })).status).toBe(200)
    await follow()
    const contact = await asSystem(company, async ctx => {
      const { rows } = await sql`
        select c.name, c.email, c.plan, k.name as customer, c.signed_up_at is not null as dated from contact c
        join customer k on k.tenant_id = ${ctx.tenantId} and k.id = c.customer_id
        where c.tenant_id = ${ctx.tenantId} and c.external_id = 'w1'`.execute(ctx.tx)
      return rows[0]
    })
    expect(contact).toEqual({
      name: '中村 蓮',
      email: 'w1@example.test',
      plan: 'Free',
      customer: '中村工業',
      dated: true,
    })
    await tell({ type: 'customer.upgraded', timestamp: now(), data: { customerId: 'c1', plan: 'Pro' } })
    await follow()
    expect(await customer('c1')).toMatchObject({ plan: 'Pro', status: 'ACTIVE' })
    await tell({
      type: 'customer.churned',
      timestamp: now(),
      data: { customerId: 'c1', reason: '予算', churnedOn: '2026-11-01' },
    })
    await follow()
    expect(await customer('c1')).toMatchObject({ status: 'CHURNED', churned_on: '2026-11-01', churn_reason: '予算' })
    const events = await asSystem(company, async ctx => {
      const { rows } = await sql<{ payload: object }>`
        select payload from event where tenant_id = ${ctx.tenantId} and type = 'customer.churned'`.execute(ctx.tx)
      return rows
    })
    expect(events).toEqual([{ payload: expect.objectContaining({ cause: 'webhook' }) }])
  })

  it('ends the same when a later fact arrives first', async () => {
    const [early, late] = [
      new Date(Date.now() - 7_200_000).toISOString(),
      new Date(Date.now() - 3_600_000).toISOString(),
    ]
    await tell({ type: 'customer.upgraded', timestamp: late, data: { customerId: 'c2', plan: 'Enterprise' } })
    await follow()
    await tell({ type: 'customer.upgraded', timestamp: early, data: { customerId: 'c2', plan: 'Pro' } })
    await follow()
    expect(await customer('c2')).toMatchObject({ plan: 'Enterprise' })
  })

  it('follows a delivery once, however often it comes', async () => {
    const id = randomUUID()
    const event = { type: 'customer.churned', timestamp: now(), data: { customerId: 'c3' } }
    const answers = await Promise.all(Array.from({ length: 5 }, () => tell(event, { id })))
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200, 200])
    await follow()
    await tell(event, { id })
    await follow()
    const { body } = await company.admin.call(listWebhookDeliveries, { params: { id: endpoint.id } })
    expect(body.items.filter(item => item.webhookId === id)).toEqual([expect.objectContaining({ state: 'done' })])
    const count = await asSystem(company, async ctx => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from event e join customer c on c.tenant_id = ${ctx.tenantId} and c.id = e.subject_id
        where e.tenant_id = ${ctx.tenantId} and e.type = 'customer.churned' and c.external_id = 'c3'`.execute(ctx.tx)
      return rows[0]!.count
    })
    expect(count).toBe(1)
  })

  it('refuses and notes what is stale, signed by another, changed on the way, or not signed', async () => {
    const event = { type: 'customer.upgraded', timestamp: now(), data: { customerId: 'c4', plan: 'Pro' } }
    const other = `whsec_${Buffer.alloc(32).toString('base64')}`
    expect((await tell(event, { shift: -301 })).status).toBe(401)
    expect((await tell(event, { shift: 302 })).status).toBe(401)
    expect((await tell(event, { secrets: [other] })).status).toBe(401)
    expect((await tell(event, { sent: JSON.stringify(event, null, 1) })).status).toBe(401)
    const unsigned = await new Caller(application).send({ method: 'POST', url: endpoint.path, payload: event })
    expect(unsigned.status).toBe(401)
    expect((await tell(event, { shift: -299 })).status).toBe(200)
    expect(await audited()).toEqual(['stale', 'stale', 'wrong_signature', 'wrong_signature', 'unsigned'])
    for (const path of [
      `/v1/webhooks/${company.tenantId}/${randomUUID()}`,
      '/v1/webhooks/x/y',
      endpoint.path.replace(company.tenantId, randomUUID()),
    ]) {
      expect([path, (await tell(event, { path })).status]).toEqual([path, 401])
    }
  })

  it('takes the old secret beside the new one for as long as was said', async () => {
    const old = endpoint.secret
    const event = () => ({ type: 'customer.upgraded', timestamp: now(), data: { customerId: 'c5', plan: 'Pro' } })
    const params = { id: endpoint.id }
    const next = (await company.admin.call(rotateWebhookSecret, { params, body: { keepHours: 1 } })).body.secret
    expect((await tell(event(), { secrets: [old] })).status).toBe(200)
    expect((await tell(event(), { secrets: [next] })).status).toBe(200)
    expect((await tell(event(), { secrets: ['whsec_AAAA', next] })).status).toBe(200)
    endpoint.secret = (await company.admin.call(rotateWebhookSecret, { params, body: { keepHours: 0 } })).body.secret
    for (const secret of [old, next]) expect((await tell(event(), { secrets: [secret] })).status).toBe(401)
    expect((await tell(event())).status).toBe(200)
  })

  it('keeps what it cannot follow, with the reason', async () => {
    const id = randomUUID()
    expect((await tell({ type: 'customer.upgraded', timestamp: now(), data: { customerId: 5 } }, { id })).status).toBe(
      200,
    )
    await follow()
    const { body } = await company.admin.call(listWebhookDeliveries, {
      params: { id: endpoint.id },
      query: { state: 'refused' },
    })
    expect(body.items).toEqual([
      expect.objectContaining({ webhookId: id, fault: expect.stringContaining('data.customerId') }),
    ])
  })
})
