import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { callRecord, type Method, type PlainAnswer } from '../../../tests/support/plain-caller.ts'

/**
 * What hangs on a customer in the API of record (CUS-9, CUS-30 to CUS-32), written from 01-customers.md, not from the contracts. Every answer is checked against the served OpenAPI document by the caller itself.
 */

let application: TestApplication
let company: TestCompany
let admin: Caller
/** A customer that the calls are made for. */
let id: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  admin = company.admin
  id = (
    await call('POST', '/customers', {
      name: '北辰精密工業株式会社',
      externalId: 'C-1',
      mrr: 3_200_000,
      tags: ['製造'],
    })
  ).body.id
})
afterAll(() => application.end())

const call = (method: Method, path: string, payload?: object, caller = admin) =>
  callRecord(caller, method, path, payload)

describe('around a customer (CUS-30)', () => {
  it('upserts the success profile (CUS-9)', async () => {
    const sent = {
      executiveSponsor: '常務取締役 長谷川',
      businessObjectives: ['帳票作成の時間を半分にする'],
      successCriteria: ['月末締めを3日早める'],
      valueMetrics: [{ name: '帳票作成', unit: '時間', baseline: 40, target: 20, current: 31 }],
      onboardingStatus: 'COMPLETED',
      onboardingStartedOn: '2026-01-10',
      firstValueOn: '2026-02-01',
      dataMigrationStatus: 'COMPLETED',
      trainingCompletion: 80,
      adoptionRate: 64.5,
      nps: 50,
      csat: 4.5,
      ces: 5.5,
      expansionProbability: 62,
    }
    const { status, body } = await call('PUT', `/customers/${id}/profile`, sent)
    expect(status).toBe(200)
    expect(body).toMatchObject(sent)
    expect(body.onboardingCompletedOn).toMatch(/^\d{4}/)
    expect((await call('PUT', `/customers/${id}/profile`, { nps: 30 })).body).toMatchObject({ nps: 30, csat: 4.5 })
    expect((await call('PUT', `/customers/${id}/profile`, { dataMigrationStatus: 'ON_HOLD' })).status).toBe(422)
  })

  it('stores and calculates health scores; the customer follows the latest (levels of source 003)', async () => {
    const path = `/customers/${id}/health-scores`
    const first = await call('POST', path, { overallScore: 72, scoredAt: '2026-10-01T00:00:00Z' })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ level: 'GOOD', trend: 'UNKNOWN', factors: [] })
    const calculated = await call('POST', `${path}/calculate`, {
      engagementScore: 40,
      successScore: 50,
      satisfactionScore: 60,
      financialScore: 80,
    })
    expect(calculated.body).toMatchObject({ overallScore: 55, level: 'FAIR', trend: 'DECLINING' })
    const partial = await call('POST', `${path}/calculate`, { engagementScore: 90, financialScore: 40 })
    expect(partial.body).toMatchObject({ overallScore: 70, level: 'GOOD', trend: 'IMPROVING' })
    expect((await call('POST', `${path}/calculate`, {})).status).toBe(422)
    await call('POST', path, { overallScore: 10, scoredAt: '2025-01-01T00:00:00Z' })
    expect((await call('GET', `/customers/${id}`)).body).toMatchObject({
      healthScore: 70,
      healthLevel: 'GOOD',
      healthTrend: 'IMPROVING',
    })
    expect((await call('GET', path)).body.items.map((item: { overallScore: number }) => item.overallScore)).toEqual([
      70, 55, 72, 10,
    ])
  })

  it('keeps success plans with milestones', async () => {
    const made = await call('POST', `/customers/${id}/success-plans`, {
      name: '定着計画',
      type: 'ONBOARDING',
      businessObjectives: ['全部門で使う'],
      stakeholders: [{ contactId: null, name: '大西 茜', role: 'SPONSOR' }],
      milestones: [{ title: '管理者研修', dueOn: '2026-12-01', priority: 'HIGH', deliverables: ['研修資料'] }],
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      status: 'DRAFT',
      milestones: [{ title: '管理者研修', status: 'PENDING', priority: 'HIGH' }],
    })
    const planId = made.body.id
    const added = await call('POST', `/success-plans/${planId}/milestones`, { title: '本稼働' })
    expect(added.status).toBe(201)
    const done = await call('PUT', `/success-plans/${planId}/milestones/${added.body.id}`, { status: 'COMPLETED' })
    expect(done.body.completedOn).toMatch(/^\d{4}/)
    expect((await call('PUT', `/success-plans/${planId}`, { status: 'ACTIVE' })).body.status).toBe('ACTIVE')
    expect((await call('GET', `/success-plans/${planId}`)).body.milestones).toHaveLength(2)
    expect((await call('GET', `/customers/${id}/success-plans?status=ACTIVE`)).body.items).toHaveLength(1)
    const other = await call('POST', `/customers/${id}/success-plans`, { name: '別の計画', type: 'ANNUAL' })
    expect(
      (await call('PUT', `/success-plans/${other.body.id}/milestones/${added.body.id}`, { title: 'x' })).status,
    ).toBe(404)
  })

  it('keeps business reviews', async () => {
    const made = await call('POST', `/customers/${id}/business-reviews`, {
      type: 'QUARTERLY',
      scheduledAt: '2026-11-10T10:00:00+09:00',
      agenda: ['利用状況'],
      actionItems: [{ title: '請求の見直し', ownerId: null, dueOn: '2026-12-01', done: false }],
    })
    expect(made.status).toBe(201)
    const changed = await call('PUT', `/business-reviews/${made.body.id}`, {
      heldAt: '2026-11-10T11:00:00+09:00',
      overallRating: 4,
      decisions: ['増席する'],
    })
    expect(changed.body).toMatchObject({ overallRating: 4, decisions: ['増席する'], agenda: ['利用状況'] })
    expect((await call('GET', `/customers/${id}/business-reviews?type=QUARTERLY`)).body.items).toHaveLength(1)
    expect((await call('PUT', `/business-reviews/${made.body.id}`, { overallRating: 6 })).status).toBe(422)
  })

  it('keeps advocacy activities', async () => {
    const made = await call('POST', `/customers/${id}/advocacy-activities`, {
      type: 'CASE_STUDY',
      title: '事例インタビュー',
    })
    expect(made.body).toMatchObject({ status: 'PENDING', completedOn: null })
    const done = await call('PUT', `/advocacy-activities/${made.body.id}`, {
      status: 'COMPLETED',
      caseStudyUrl: 'https://example.com/case',
    })
    expect(done.body.completedOn).toMatch(/^\d{4}/)
    expect(
      (await call('PUT', `/advocacy-activities/${made.body.id}`, { caseStudyUrl: 'javascript:alert(1)' })).status,
    ).toBe(422)
    expect((await call('GET', `/customers/${id}/advocacy-activities?status=COMPLETED`)).body.items).toHaveLength(1)
  })

  it('adds up statistics (CUS-31), onboarding and advocacy', async () => {
    for (const name of ['去る会社', '去った会社']) {
      const { body: left } = await call('POST', '/customers', { name, mrr: 100_000 })
      await call('DELETE', `/customers/${left.id}`)
    }
    await call('POST', '/customers', { name: '続ける会社', mrr: 100_000, currency: 'USD' })
    const { body } = await call('GET', '/statistics')
    expect(body.totalCustomers).toBe(
      Object.values<number>(body.customersByStatus).reduce((sum, count) => sum + count, 0),
    )
    expect(body).toMatchObject({
      averageHealthScore: 70,
      currency: 'JPY',
      churnedCustomers: 2,
      averageNps: 30,
      averageCsat: 4.5,
      averageAdoptionRate: 64.5,
    })
    expect(body.totalAnnualRevenue).toBe(38_400_000)
    expect(body.annualRevenueByCurrency).toContainEqual({ currency: 'USD', amount: 1_200_000 })
    expect((await call('GET', '/onboarding-metrics')).body).toMatchObject({
      completedOnboarding: 1,
      averageTimeToValueDays: 22,
      onboardingSuccessRate: 100,
    })
    expect((await call('GET', '/advocacy-metrics')).body).toMatchObject({
      totalAdvocates: 1,
      caseStudiesPublished: 1,
      advocacySuccessRate: 100,
    })
  })

  it('detects expansion opportunities by probability, limit and satisfaction (CUS-32)', async () => {
    const near = (await call('POST', '/customers', { name: '上限間近', mrr: 90_000, status: 'ACTIVE' })).body.id
    const content = (await call('POST', '/customers', { name: '満足', mrr: 1_000, status: 'ACTIVE' })).body.id
    await call('PUT', `/customers/${content}/profile`, { nps: 70, adoptionRate: 85 })
    const { body } = await call('GET', '/expansion-opportunities')
    const reasonOf = (customer: string) =>
      body.items.find((item: { customerId: string }) => item.customerId === customer)
    expect(reasonOf(id)).toMatchObject({ reason: 'EXPANSION_PROBABILITY', probability: 62 })
    expect(reasonOf(near)).toMatchObject({
      reason: 'NEAR_TIER_LIMIT',
      currentTier: 'SMALL_BUSINESS',
      potentialTier: 'MID_MARKET',
      estimatedRevenue: 216_000,
    })
    expect(reasonOf(content)).toMatchObject({ reason: 'SATISFIED_AND_ENGAGED' })
    expect(reasonOf(id).suggestedActions.length).toBeGreaterThan(0)
    const narrowed = (await call('GET', '/expansion-opportunities?reason=NEAR_TIER_LIMIT')).body.items
    expect(new Set(narrowed.map((item: { reason: string }) => item.reason))).toEqual(new Set(['NEAR_TIER_LIMIT']))
  })

  it('raises health alerts, filtered by CSM', async () => {
    const csm = await newMember(company, 'csm')
    const red = (await call('POST', '/customers', { name: '危険', ownerId: csm.memberId })).body.id
    const fell = (await call('POST', '/customers', { name: '下落' })).body.id
    const fair = (await call('POST', '/customers', { name: '注意' })).body.id
    await call('POST', `/customers/${red}/health-scores`, { overallScore: 39.9 })
    await call('POST', `/customers/${fell}/health-scores`, { overallScore: 90, scoredAt: '2026-01-01T00:00:00Z' })
    await call('POST', `/customers/${fell}/health-scores`, { overallScore: 79.9 })
    await call('POST', `/customers/${fair}/health-scores`, { overallScore: 59 })
    const { body } = await call('GET', '/health-alerts')
    const kinds = Object.fromEntries(
      body.items.map((item: { customerId: string; kind: string }) => [item.customerId, item.kind]),
    )
    expect(kinds).toMatchObject({ [red]: 'RED_ZONE', [fell]: 'SIGNIFICANT_DROP', [fair]: 'BELOW_THRESHOLD' })
    expect(kinds[id]).toBeUndefined()
    expect(
      (await call('GET', `/health-alerts?csmId=${csm.memberId}`)).body.items.map(
        (item: { customerId: string }) => item.customerId,
      ),
    ).toEqual([red])
  })

  it('is audited, line by line', async () => {
    const log = (await admin.send({ method: 'GET', url: '/api/v1/audit-entries?limit=200' })) as PlainAnswer
    const actions = new Set(log.body.items.map((item: { action: string }) => item.action))
    for (const kind of ['health_score', 'success_plan', 'business_review', 'advocacy_activity']) {
      expect(actions).toContain(`${kind}.created`)
    }
    expect(actions).toContain('customer.profile_changed')
  })
})
