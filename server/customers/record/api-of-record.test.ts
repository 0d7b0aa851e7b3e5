import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { newCompany, newKey, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { callRecord, type Method, type PlainAnswer } from '../../../tests/support/plain-caller.ts'

/**
 * The API of record, written from 01-customers.md (CUS-30 to CUS-32), not from the contracts: paths, verbs, enumerations
 * and what each call does. Every answer is checked against the served OpenAPI document by the caller itself.
 */

const base = '/api/v1/customer-success'
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

const operations = [
  'GET /customers',
  'GET /customers/{id}',
  'PUT /customers/{id}',
  'DELETE /customers/{id}',
  'POST /customers',
  'GET /customers/{id}/profile',
  'PUT /customers/{id}/profile',
  'GET /customers/{id}/health-scores',
  'POST /customers/{id}/health-scores',
  'POST /customers/{id}/health-scores/calculate',
  'GET /customers/{id}/success-plans',
  'POST /customers/{id}/success-plans',
  'GET /success-plans/{planId}',
  'PUT /success-plans/{planId}',
  'POST /success-plans/{planId}/milestones',
  'PUT /success-plans/{planId}/milestones/{milestoneId}',
  'GET /customers/{id}/business-reviews',
  'POST /customers/{id}/business-reviews',
  'PUT /business-reviews/{reviewId}',
  'GET /customers/{id}/advocacy-activities',
  'POST /customers/{id}/advocacy-activities',
  'PUT /advocacy-activities/{activityId}',
  'GET /statistics',
  'GET /onboarding-metrics',
  'GET /advocacy-metrics',
  'GET /expansion-opportunities',
  'GET /health-alerts',
]

describe('the API of record (CUS-30)', () => {
  it('is exactly the 27 operations, in the served document', async () => {
    const { body } = (await admin.send({ method: 'GET', url: '/openapi.json' })) as PlainAnswer
    const served = Object.entries<Record<string, unknown>>(body.paths)
      .filter(([path]) => path.startsWith(`${base}/`))
      .flatMap(([path, item]) => Object.keys(item).map(method => `${method.toUpperCase()} ${path.slice(base.length)}`))
    expect(served.sort()).toEqual([...operations].sort())
    expect(operations).toHaveLength(27)
  })

  it('has the enumerations of the source, to the letter', async () => {
    const { body } = (await admin.send({ method: 'GET', url: '/openapi.json' })) as PlainAnswer
    const enums = new Set([...JSON.stringify(body).matchAll(/"enum":(\[[^\]]*\])/g)].map(match => match[1]))
    for (const values of [
      ['ENTERPRISE', 'MID_MARKET', 'SMALL_BUSINESS', 'TRIAL'],
      ['ACTIVE', 'ONBOARDING', 'AT_RISK', 'CHURNED', 'PAUSED'],
      ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
      ['POOR', 'FAIR', 'GOOD', 'EXCELLENT'],
      ['IMPROVING', 'STABLE', 'DECLINING', 'UNKNOWN'],
      ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'ON_HOLD', 'CANCELLED'],
      ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED'],
      ['ONBOARDING', 'QUARTERLY', 'ANNUAL', 'EXPANSION', 'RECOVERY'],
      ['DRAFT', 'ACTIVE', 'COMPLETED', 'ON_HOLD', 'CANCELLED'],
      ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'OVERDUE', 'CANCELLED'],
      ['WEEKLY', 'MONTHLY', 'QUARTERLY', 'ANNUAL', 'EXECUTIVE', 'STRATEGIC'],
      [
        'CASE_STUDY',
        'TESTIMONIAL',
        'REFERENCE_CALL',
        'SPEAKER_EVENT',
        'PRESS_RELEASE',
        'WEBINAR',
        'USER_GROUP',
        'ADVISORY_BOARD',
      ],
      ['PENDING', 'REQUESTED', 'IN_PROGRESS', 'COMPLETED', 'DECLINED', 'CANCELLED'],
    ]) {
      expect(enums).toContain(JSON.stringify(values))
    }
  })

  it('creates a customer with its success profile; tier and revenue follow', async () => {
    const { status, body } = await call('GET', `/customers/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: '北辰精密工業株式会社',
      status: 'ONBOARDING',
      mrr: 3_200_000,
      arr: 38_400_000,
      tier: 'ENTERPRISE',
      tags: ['製造'],
    })
    const profile = await call('GET', `/customers/${id}/profile`)
    expect(profile.body).toMatchObject({ customerId: id, onboardingStatus: 'NOT_STARTED', businessObjectives: [] })
  })

  it('refuses what does not fit with the field and a reason, and what is in use', async () => {
    const bad = await call('POST', '/customers', { name: '', status: 'GONE', currency: 'yen', mrr: -1 })
    expect(bad.status).toBe(422)
    expect(bad.problem.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
      'body.currency',
      'body.mrr',
      'body.name',
      'body.status',
    ])
    const twice = await call('POST', '/customers', { name: 'もう一社', externalId: 'C-1' })
    expect(twice.status).toBe(422)
    expect(twice.problem.errors[0].path).toBe('body.externalId')
    const owner = await call('POST', '/customers', { name: 'x', ownerId: id })
    expect(owner.problem.errors[0].path).toBe('body.ownerId')
  })

  it('does not store what nobody may write: tenant, id, origin, health (A3)', async () => {
    const sent = {
      name: 'A3',
      tenant_id: id,
      id,
      origin: 'demo',
      health_score: 99,
      healthScore: 99,
      createdAt: '2001-01-01T00:00:00Z',
    }
    const { body } = await call('POST', '/customers', sent)
    expect(body.id).not.toBe(id)
    expect(body.healthScore).toBeNull()
    expect(body.createdAt).not.toContain('2001')
    await call('DELETE', `/customers/${body.id}`)
  })

  it('changes a customer; what is not named stays', async () => {
    const { body } = await call('PUT', `/customers/${id}`, {
      industry: '製造業',
      employeeCount: 1_200,
      website: 'https://www.hokushin.example/ja',
    })
    expect(body).toMatchObject({
      name: '北辰精密工業株式会社',
      industry: '製造業',
      employeeCount: 1_200,
      domains: ['hokushin.example'],
    })
    const emptied = await call('PUT', `/customers/${id}`, { industry: null, mrr: 450_000 })
    expect(emptied.body).toMatchObject({ industry: null, employeeCount: 1_200, arr: 5_400_000, tier: 'MID_MARKET' })
    await call('PUT', `/customers/${id}`, { mrr: 3_200_000 })
  })

  it('pins a tier that is named and gives it back to the rule with null', async () => {
    expect((await call('PUT', `/customers/${id}`, { tier: 'SMALL_BUSINESS' })).body).toMatchObject({
      tier: 'SMALL_BUSINESS',
      tierPinned: true,
    })
    expect((await call('PUT', `/customers/${id}`, { tier: null })).body).toMatchObject({
      tier: 'ENTERPRISE',
      tierPinned: false,
    })
    expect((await call('PUT', `/customers/${id}`, { tier: 'TRIAL' })).problem.errors[0].path).toBe('body.tier')
  })

  it('deletes softly: status CHURNED, the day, the end of its revenue', async () => {
    const { body } = await call('POST', '/customers', { name: '去る会社', mrr: 10_000 })
    expect((await call('DELETE', `/customers/${body.id}`)).status).toBe(204)
    const after = await call('GET', `/customers/${body.id}`)
    expect(after.body).toMatchObject({ status: 'CHURNED', mrr: 0 })
    expect(after.body.churnedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('lists with filters and pages; each customer once', async () => {
    for (let index = 0; index < 7; index++) {
      await call('POST', '/customers', {
        name: `ページ ${index}`,
        externalId: `P-${index}`,
        mrr: index * 100_000,
        status: 'ACTIVE',
      })
    }
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page: PlainAnswer = await call(
        'GET',
        `/customers?status=ACTIVE&sort=arr&order=desc&limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      )
      expect(page.status).toBe(200)
      names.push(...page.body.items.map((item: { name: string }) => item.name))
      cursor = page.body.next
    } while (cursor)
    expect(names).toEqual([6, 5, 4, 3, 2, 1, 0].map(index => `ページ ${index}`))
    expect((await call('GET', '/customers?tier=ENTERPRISE&status=ACTIVE')).body.items).toHaveLength(2)
    expect((await call('GET', `/customers?search=${encodeURIComponent('精密')}`)).body.items).toHaveLength(1)
    expect((await call('GET', '/customers?search=hokushin')).body.items).toHaveLength(1)
    expect((await call('GET', '/customers?sort=healthScore&limit=200')).body.items.length).toBeGreaterThan(7)
    const filter = encodeURIComponent(
      JSON.stringify({
        all: [
          { field: 'arr', op: 'at_least', value: 5_000_000 },
          { field: 'tags', op: 'in', value: ['製造'] },
        ],
      }),
    )
    expect(
      (await call('GET', `/customers?filter=${filter}`)).body.items.map((item: { id: string }) => item.id),
    ).toEqual([id])
    const wrong = await call(
      'GET',
      `/customers?filter=${encodeURIComponent('{"all":[{"field":"password","op":"is","value":"x"}]}')}`,
    )
    expect(wrong.status).toBe(422)
    expect((await call('GET', '/customers?cursor=nonsense')).status).toBe(400)
  })

  it('is audited, and closed to who may not write', async () => {
    const reader = await newKey(company, 'read_only')
    const refused = await call('POST', '/customers', { name: 'nein' }, reader)
    expect(refused.status).toBe(403)
    const log = (await admin.send({ method: 'GET', url: '/api/v1/audit-entries?limit=200' })) as PlainAnswer
    const actions = new Set(log.body.items.map((item: { action: string }) => item.action))
    for (const action of ['customer.created', 'customer.changed', 'customer.deleted', 'customer.tier_pinned']) {
      expect(actions).toContain(action)
    }
  })

  it('lets a CSM write only the own customers', async () => {
    const csm = await newMember(company, 'csm')
    expect((await call('PUT', `/customers/${id}`, { plan: 'Pro' }, csm)).status).toBe(404)
    const own = await call('POST', '/customers', { name: '自分の顧客' }, csm)
    expect(own.body.ownerId).toBe(csm.memberId)
    expect((await call('PUT', `/customers/${own.body.id}`, { plan: 'Pro' }, csm)).status).toBe(200)
    expect((await call('PUT', `/customers/${own.body.id}`, { ownerId: null }, csm)).status).toBe(403)
  })
})
