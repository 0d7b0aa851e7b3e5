import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../tests/support/application.ts'
import { newCompany, newMember, type TestCompany, testOrigin } from '../tests/support/factories.ts'
import { listCustomers } from './customers/accounts/contract/customers.ts'
import { revenueRetention } from './customers/contracts/contract.ts'
import { getTimeline } from './customers/timeline/contract.ts'
import { fillDemo } from './demo-customers.ts'
import { interestDemo } from './demo-leads.ts'
import { inTenant } from './platform/tenancy/transaction.ts'

let application: TestApplication
let client: pg.Client

beforeAll(async () => {
  application = await testApplication()
  client = new pg.Client({ connectionString: application.database.superuserUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await application.end()
})

async function filled(seed: number): Promise<TestCompany> {
  const company = await newCompany(application)
  await newMember(company, 'csm')
  await newMember(company, 'csm')
  const wish = { customers: 60, months: 12, seed }
  await inTenant(
    application.installation,
    { ...testOrigin(), now: new Date('2026-11-20T03:00:00Z') },
    company.tenantId,
    { kind: 'system', id: undefined, name: 'demo' },
    ctx => fillDemo(ctx, wish, 0),
  )
  return company
}

/** What the company holds, without ids. */
async function digest(company: TestCompany): Promise<unknown> {
  const { rows } = await client.query(
    `select c.external_id, c.name, c.status, c.mrr, c.health_score, c.lifetime_value, c.last_seen_at,
      (select count(*) from contact k where k.tenant_id = c.tenant_id and k.customer_id = c.id) as contacts,
      (select count(*) from ticket t where t.tenant_id = c.tenant_id and t.customer_id = c.id) as tickets,
      (select sum(d.events) from usage_daily d where d.tenant_id = c.tenant_id and d.customer_id = c.id) as events
     from customer c where c.tenant_id = $1 order by c.external_id`,
    [company.tenantId],
  )
  return rows
}

describe('the demo company (CUS-43)', () => {
  it('is the same for the same seed, another for another', async () => {
    const [first, again, other] = [await filled(7), await filled(7), await filled(8)]
    expect(await digest(first)).toEqual(await digest(again))
    expect(await digest(other)).not.toEqual(await digest(first))
  })

  it('holds together: revenue by the ledger, churned customers without use, a timeline, retention by month', async () => {
    const company = await filled(3)
    const wrong = await client.query(
      `select c.name from customer c where c.tenant_id = $1 and (
        (c.status = 'CHURNED') is distinct from (c.churned_on is not null)
        or (c.status = 'CHURNED' and c.mrr <> 0)
        or exists (select 1 from usage_daily d where d.tenant_id = c.tenant_id and d.customer_id = c.id and d.day >= c.churned_on))`,
      [company.tenantId],
    )
    expect(wrong.rows).toEqual([])
    const page = await company.admin.call(listCustomers, { query: { limit: '200' } })
    expect(page.body.items).toHaveLength(60)
    const timeline = await company.admin.call(getTimeline, {
      params: { id: page.body.items[0]!.id },
      query: { limit: '50' },
    })
    expect(timeline.body.items.length).toBeGreaterThan(5)
    const { body } = await company.admin.call(revenueRetention, { query: { from: '2026-01', to: '2026-10' } })
    expect(body.months).toHaveLength(10)
    const [last] = body.months.slice(-1)
    expect(last!.closing).toBeGreaterThan(0)
  })

  it('SCO-1: has leads with scores of every height, a history and hot ones that are somebody’s', async () => {
    const company = await newCompany(application)
    await newMember(company, 'csm')
    const system = { kind: 'system', id: undefined, name: 'demo' } as const
    await inTenant(application.installation, testOrigin(), company.tenantId, system, ctx =>
      interestDemo(ctx, { customers: 300, months: 18, seed: 1 }),
    )
    const { rows } = await client.query(
      `select count(*)::int as leads, count(hot_since)::int as hot, count(assignee_id)::int as assigned, min(score)::int as least,
        count(*) filter (where score between 20 and 60)::int as middle,
        (select count(*)::int from lead_score_change h where h.tenant_id = s.tenant_id) as changes
       from lead_score_state s where tenant_id = $1 group by tenant_id`,
      [company.tenantId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ leads: 120, least: 0 })
    expect(rows[0].hot).toBeGreaterThanOrEqual(3)
    expect(rows[0].hot).toBeLessThan(30)
    expect(rows[0].assigned).toBeGreaterThanOrEqual(rows[0].hot)
    expect(rows[0].middle).toBeGreaterThan(30)
    expect(rows[0].changes).toBeGreaterThan(200)
  })
})
