import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAlertRule, openAlerts, shippedRules } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { daysAgo, newCustomer } from '../../../tests/support/facts.ts'
import { finishJobs, mailsTo } from '../../../tests/support/mails.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { createInvoice, createPayment } from '../../customers/billing/contract.ts'
import { createAnswer } from '../../customers/feedback/contract.ts'
import { createTeam } from '../../platform/identity/contract/company.ts'
import { listDeliveries } from '../notices/contract/deliveries.ts'
import { listNotices } from '../notices/contract/inbox.ts'
import { evaluateRules } from './commands/evaluate.ts'
import { getAlert, listAlerts } from './contract/alerts.ts'
import { countAlerts } from './contract/counts.ts'
import * as contract from './contract/rules.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const newRule = (wishes: Parameters<typeof newAlertRule>[1]) => newAlertRule(company, wishes)
const open = () => openAlerts(company)

const evaluate = () => asSystem(company, ctx => evaluateRules(ctx))

/** Sets what rules and models decide otherwise. */
function setCustomer(
  id: string,
  { tier, churnScore }: { tier?: string | null; churnScore?: number },
): Promise<unknown> {
  return asSystem(company, ctx =>
    sql`update customer set tier = ${tier ?? null}, churn_score = ${churnScore ?? null} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.tx,
    ),
  )
}

describe('ALR-1 triggers on figures of the company, ALR-3 on events', () => {
  it('monthly churn above 1 %: exactly 1 % is not above', async () => {
    await asSystem(company, async ctx => {
      await sql`
        insert into customer (tenant_id, id, name, currency, status, origin, contract_start, churned_on)
        select ${ctx.tenantId}, gen_random_uuid(), 'k' || n, 'JPY', case when n = 1 then 'CHURNED' else 'ACTIVE' end, 'person',
          current_date - 400, case when n = 1 then current_date - 3 end from generate_series(1, 100) n on conflict do nothing`.execute(
        ctx.tx,
      )
    })
    await newRule({
      trigger: { kind: 'kpi', kpi: 'monthly_churn_rate', op: 'more_than', value: 1 },
      severity: 'critical',
    })
    expect(await open()).toEqual([])
    await asSystem(company, async ctx => {
      const { rows } = await sql<{
        id: string
      }>`select id from customer where tenant_id = ${ctx.tenantId} and name = 'k2'`.execute(ctx.tx)
      await updateCustomers(ctx, [{ id: rows[0]!.id, values: { status: 'CHURNED' } }], { origin: 'person' })
      await evaluateRules(ctx)
    })
    expect(await open()).toEqual([
      {
        name: null,
        owner: null,
        severity: 'critical',
        value: 2,
        facts: ['Monthly churn rate (last 30 days): 2% (more than 1%)', '2 of 100 customers left'],
      },
    ])
  })

  it('five NPS detractors in a week: four are none, an answer of eight days ago does not count, nor does a 7', async () => {
    const answer = (points: number, days: number) =>
      newCustomer(company).then(customerId =>
        company.admin.call(createAnswer, {
          body: { customerId, kind: 'NPS', score: points, answeredAt: daysAgo(days) },
        }),
      )
    for (const points of [0, 3, 6, 6, 7]) await answer(points, 1)
    await answer(0, 8)
    await newRule({ trigger: { kind: 'kpi', kpi: 'nps_detractors_7', op: 'at_least', value: 5 }, topic: 'feedback' })
    expect(await open()).toEqual([])
    await answer(6, 6)
    await evaluate()
    expect(await open()).toMatchObject([
      { value: 5, facts: [expect.stringContaining('5 (at least 5)'), expect.anything()].slice(0, 1) },
    ])
  })

  it('a failed payment opens one, a second one is told as repeated, old ones are history', async () => {
    const customerId = await newCustomer(company, { name: '甲' })
    await newRule({ trigger: { kind: 'event', type: 'payment.failed' }, topic: 'billing' })
    const pay = (attemptedAt: string) =>
      company.admin.call(createPayment, {
        body: {
          customerId,
          amount: 120_000,
          currency: 'JPY',
          attemptedAt,
          outcome: 'FAILED',
          failureReason: 'card expired',
        },
      })
    expect((await pay(daysAgo(30))).status).toBe(201)
    await finishJobs(application)
    expect(await open()).toEqual([])
    await pay(daysAgo(0))
    await pay(daysAgo(0))
    await finishJobs(application)
    expect(await open()).toMatchObject([
      { name: '甲', facts: ['A payment failed', 'Amount: 120,000 JPY', 'Reason: card expired'] },
    ])
    const { items } = (await company.admin.call(listAlerts, { query: {} })).body
    expect(items[0]!.repeats).toBe(1)
    const { body } = await company.admin.call(getAlert, { params: { id: items[0]!.id } })
    expect(body.steps.map(({ kind }) => kind)).toEqual(['repeated', 'opened'])
    await evaluate()
    expect(await open()).toHaveLength(1)
    expect((await company.admin.call(createInvoice, { body: { customerId } as never })).status).toBe(422)
  })
})

describe('ALR-4 routing and notices', () => {
  it('goes by the first route whose customers it is: owner, lead of the owner’s team, least loaded of a role, nobody', async () => {
    const csm = await newMember(company, 'csm')
    const lead = await newMember(company, 'cs_manager')
    const heads = [await newMember(company, 'head_of_cs'), await newMember(company, 'head_of_cs')]
    await company.admin.call(createTeam, { body: { name: '東', memberIds: [csm.memberId, lead.memberId] } })
    const customer = async (name: string, tier: string, ownerId: string | null) =>
      setCustomer(await newCustomer(company, { name, ownerId, status: 'AT_RISK' }), { tier })
    await customer('lead', 'ENTERPRISE', csm.memberId)
    await customer('owner', 'TRIAL', csm.memberId)
    await customer('head 1', 'TRIAL', null)
    await customer('head 2', 'TRIAL', null)
    await customer('nobody', 'MID_MARKET', csm.memberId)
    await newRule({
      trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
      routing: [
        {
          when: { field: 'tier', op: 'in', value: ['ENTERPRISE'] },
          assign: [{ kind: 'owner_lead' }],
          notify: [{ kind: 'owner' }],
        },
        {
          when: { field: 'tier', op: 'in', value: ['TRIAL'] },
          assign: [{ kind: 'owner' }, { kind: 'role', role: 'head_of_cs' }],
        },
      ],
    })
    const owners = new Map((await open()).map(({ name, owner }) => [name, owner]))
    expect([owners.get('lead'), owners.get('owner'), owners.get('nobody')]).toEqual([lead.memberId, csm.memberId, null])
    expect(new Set([owners.get('head 1'), owners.get('head 2')])).toEqual(
      new Set(heads.map(({ memberId }) => memberId)),
    )
    const told = async (member: typeof csm) =>
      (await member.call(listNotices, { query: {} })).body.items.map(({ title }) => title.ja).sort()
    expect(await told(csm)).toEqual(['ルール: lead', 'ルール: owner'])
    expect(await told(lead)).toEqual(['ルール: lead'])
    expect((await lead.call(countAlerts)).body).toMatchObject({ own: 1, team: 2, all: 5, bySeverity: { high: 5 } })
  })

  it('many at once are told as one; a new rule over hundreds mails nobody hundreds of times', async () => {
    const csm = await newMember(company, 'csm')
    for (let n = 0; n < 12; n++)
      await newCustomer(company, { name: `顧客${n}`, ownerId: csm.memberId, status: 'AT_RISK' })
    await newRule({
      severity: 'critical',
      trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
    })
    expect(await open()).toHaveLength(12)
    const { items } = (await csm.call(listNotices, { query: {} })).body
    expect(items).toMatchObject([{ title: { ja: 'ルール: 12社' }, text: { ja: expect.stringMatching(/、ほか2社$/) } }])
    expect((await mailsTo(application, csm.email)).map(({ subject }) => subject)).toEqual(['ルール: 12社'])
    expect((await company.admin.call(listDeliveries, { query: { topic: 'risk' } })).body.items).toHaveLength(2)
  })
})

describe('rules', () => {
  it('a preview says for whom a trigger holds now, and why; nothing is opened', async () => {
    await newCustomer(company, { name: '甲', arr: null, status: 'AT_RISK' })
    const { body } = await company.admin.call(contract.previewAlertRule, {
      body: { trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } } },
    })
    expect(body).toMatchObject({ count: 1, samples: [{ name: '甲', facts: [{ ja: '状態: 要注意' }] }] })
    expect(await open()).toEqual([])
  })

  it('refuses what cannot be read, names the place, and keeps alerts of a rule that broke later with the reason', async () => {
    const refused = await company.admin.call(contract.createAlertRule, {
      body: {
        nameJa: 'x',
        nameEn: 'x',
        severity: 'low',
        topic: 'risk',
        trigger: {
          kind: 'condition',
          condition: { all: [{ field: "name'; drop table alert; --", op: 'is', value: 'x' }] },
        },
      },
    })
    expect([refused.status, refused.problem.errors?.[0]?.path]).toEqual([422, 'body.condition.all.0'])
    await newCustomer(company, { name: '甲', status: 'AT_RISK' })
    const rule = await newRule({
      trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
    })
    await asSystem(company, async ctx => {
      await sql`update alert_rule set trigger = ${JSON.stringify({ kind: 'condition', condition: { field: 'attributes.gone', op: 'is', value: 'x' } })}::jsonb
        where tenant_id = ${ctx.tenantId}`.execute(ctx.tx)
    })
    await evaluate()
    expect(await open()).toHaveLength(1)
    const { body } = await company.admin.call(contract.getAlertRule, { params: { id: rule.id } })
    expect(body.fault).toContain('attributes.gone')
    expect((await company.admin.call(contract.deleteAlertRule, { params: { id: rule.id } })).status).toBe(409)
  })

  it('the sets of ALR-1, ALR-2 and ALR-3 are accepted as they stand and evaluated without a fault', async () => {
    const sets = ['saas-success', 'early-success', 'plugin-marketplace'].map(shippedRules)
    for (const [place, set] of sets.entries()) {
      for (const rule of set) await newRule({ ...rule, key: `${place}-${rule.key}` })
    }
    await setCustomer(await newCustomer(company, { name: '甲' }), { churnScore: 80, tier: 'ENTERPRISE' })
    await setCustomer(await newCustomer(company, { name: '乙' }), { churnScore: 79.9 })
    await setCustomer(await newCustomer(company, { name: '丙' }), { churnScore: 59.9 })
    await evaluate()
    const { items } = (await company.admin.call(contract.listAlertRules)).body
    expect(items.map(({ key, fault }) => [key, fault]).filter(([, fault]) => fault !== null)).toEqual([])
    expect(items).toHaveLength(16)
    expect((await open()).map(({ name, severity }) => [name, severity])).toEqual([
      ['甲', 'critical'],
      ['乙', 'medium'],
    ])
  })

  it('keys are taken once, members of elsewhere are nobody', async () => {
    await newRule({ key: 'one', trigger: { kind: 'score_below', below: 1 } })
    const again = await company.admin.call(contract.createAlertRule, {
      body: {
        key: 'one',
        nameJa: 'x',
        nameEn: 'x',
        severity: 'low',
        topic: 'risk',
        trigger: { kind: 'score_below', below: 1 },
      },
    })
    expect(again.status).toBe(409)
    await newCustomer(company, { name: '甲', status: 'AT_RISK' })
    await newRule({
      trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
      routing: [{ when: null, assign: [{ kind: 'member', id: randomUUID() }] }],
    })
    expect(await open()).toMatchObject([{ name: '甲', owner: null }])
  })
})
