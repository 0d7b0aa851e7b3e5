import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { writeLeavers } from '../../../tests/support/churn.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { listAlerts } from '../../engage/alerts/contract/alerts.ts'
import { createAlertRule } from '../../engage/alerts/contract/rules.ts'
import { inTrial } from '../../platform/tenancy/trial.ts'
import { metricsOf } from '../metrics/queries/definitions.ts'
import * as models from './contract/models.ts'
import * as predictions from './contract/predictions.ts'
import { churnSettings, getChurnSettings, previewChurnDefinition, putChurnSettings } from './contract/settings.ts'
import { featuresOf, observationsOn } from './queries/observations.ts'

let application: TestApplication
let company: TestCompany
let analyst: TestMember
let stayed: string[]
let modelId: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  analyst = await newMember(company, 'analyst')
  stayed = await writeLeavers(company, { customers: 240, left: 80, days: 330 })
})
afterAll(() => application.end())

const overview = async () => (await analyst.call(models.churnOverview)).body

describe('churn prediction', () => {
  it('CHN-4: says what is missing where there is too little history, and scores by signals', async () => {
    const small = await newCompany(application)
    await writeLeavers(small, { customers: 20, left: 4, days: 100 })
    const { body } = await small.admin.call(models.churnOverview)
    expect(body.readiness).toMatchObject({ ready: false, left: expect.any(Number), neededLeft: 50 })
    const refused = await small.admin.call(models.trainChurnModel, { body: {} })
    expect([refused.status, refused.problem.detail]).toEqual([409, expect.stringContaining('50')])
    expect((await small.admin.call(predictions.predictChurn)).status).toBe(202)
    await finishJobs(application)
    const after = (await small.admin.call(models.churnOverview)).body
    expect([after.customers, after.held.no_model, after.live]).toEqual([16, 16, null])
    const { items } = (await small.admin.call(predictions.listChurnPredictions)).body
    expect(items.every(({ basis, held }) => basis === 'rules' && held === 'no_model')).toBe(true)
  })

  it('counts who left by each definition, with the first day of several', async () => {
    const preview = async (definition: object) =>
      (
        await analyst.call(previewChurnDefinition, {
          body: {
            definition: { status: false, contract: false, revenue: false, inactivityDays: null, ...definition },
            exclude: null,
          },
        })
      ).body
    expect(await preview({ status: true })).toMatchObject({
      customers: 240,
      left: 80,
      byRule: { status: 80, inactivity: 0 },
    })
    const idle = await preview({ inactivityDays: 30 })
    expect(idle.left).toBeGreaterThan(50)
    expect(idle.left).toBeLessThan(80)
    const both = await preview({ status: true, inactivityDays: 30 })
    expect([both.left, both.byRule.inactivity]).toEqual([80, idle.left])
    expect(both.samples.every(({ rule }) => rule === 'status')).toBe(true)
    const none = await analyst.call(previewChurnDefinition, {
      body: { definition: { status: false, contract: false, revenue: false, inactivityDays: null }, exclude: null },
    })
    expect(none.status).toBe(422)
  })

  it('CHN-1: sees a past day as it was: what came later changes the label and no feature', async () => {
    const day = new Date(Date.now() - 120 * 86_400_000).toISOString().slice(0, 10)
    const settings = churnSettings.parse({})
    const [unlucky] = stayed.slice(40)
    const look = () =>
      asSystem(company, async ctx => {
        const features = featuresOf(await metricsOf(ctx))
        return new Map(
          (await observationsOn(ctx, settings, features, day, { share: 1 })).map(row => [row.customer, row]),
        )
      })
    const before = await look()
    expect([before.get(unlucky!)!.left, before.size > 150]).toEqual([false, true])
    // Within a trial: the company stays as it is for what follows.
    const after = await asSystem(company, ctx =>
      inTrial(ctx, async trial => {
        await sql`update customer set status = 'CHURNED', churned_on = ${day}::date + 30, licence_count = 1 where tenant_id = ${ctx.tenantId} and id = ${unlucky!}`.execute(
          ctx.tx,
        )
        await sql`
          insert into usage_daily (tenant_id, person, day, attributed_id, feature, customer_id, events, first_at, last_at)
          select ${ctx.tenantId}, 'u:later', ${day}::date + n, ${unlucky!}::uuid, 'Cancel Page Viewed', ${unlucky!}::uuid, 50, now(), now()
          from generate_series(1, 60) n`.execute(ctx.tx)
        await sql`
          insert into ticket (tenant_id, id, customer_id, source, subject, priority, status, opened_at)
          values (${ctx.tenantId}, gen_random_uuid(), ${unlucky!}, 'test', '解約したい', 'URGENT', 'OPEN', ${day}::date + 5)`.execute(
          ctx.tx,
        )
        const features = featuresOf(await metricsOf(trial))
        return new Map(
          (await observationsOn(trial, settings, features, day, { share: 1 })).map(row => [row.customer, row]),
        )
      }),
    )
    expect(after.get(unlucky!)!.left).toBe(true)
    for (const [customer, { figures, categories }] of before) {
      expect([after.get(customer)!.figures, after.get(customer)!.categories]).toEqual([figures, categories])
    }
  })

  it('trains in the background with progress, once at a time, and waits for a person to decide', async () => {
    const begun = await analyst.call(models.trainChurnModel, { body: { seed: 7 } })
    expect([begun.status, begun.body.state, begun.body.version]).toEqual([202, 'training', 1])
    modelId = begun.body.id
    expect((await analyst.call(models.trainChurnModel, { body: {} })).status).toBe(409)
    await finishJobs(application)
    const { body: model } = await analyst.call(models.getChurnModel, { params: { id: modelId } })
    expect([model.state, model.fault, model.progress]).toEqual(['ready', null, 1])
    // What does not differ between these customers is refused as constant; CHN-1 asks for 45 features, the issue for 60.
    const candidates = await asSystem(company, async ctx => featuresOf(await metricsOf(ctx)))
    expect(candidates.length).toBeGreaterThanOrEqual(120)
    expect(model.features.length).toBeGreaterThan(30)
    expect(model.rows).toBeGreaterThan(900)
    for (const report of [model.reports.forest!, model.reports.boosting!]) {
      const own = report.methods.find(({ name }) => name === 'model')!
      expect(own.auc).toBeGreaterThan(0.8)
      expect(report.methods.map(({ name }) => name)).toEqual(expect.arrayContaining(['model', 'logistic', 'never']))
      expect(report.outOfTime!.rows).toBeGreaterThan(50)
    }
    // What a customer's leaving itself says is not learned from.
    expect(model.features.some(({ name }) => name === 'customer.churned')).toBe(false)
    expect((await overview()).live).toBeNull()
    expect((await overview()).waiting?.id).toBe(modelId)
  })

  it('CHN-2: judges everybody once a model serves: score, confidence, reasons; those who are about to leave come first', async () => {
    const rule = await company.admin.call(createAlertRule, {
      body: {
        nameJa: '解約スコアが高い',
        nameEn: 'High churn score',
        state: 'enabled',
        severity: 'high',
        topic: 'risk',
        trigger: { kind: 'condition', condition: { field: 'churnScore', op: 'at_least', value: 30 } },
        routing: [{ when: null, assign: [{ kind: 'owner' }], channels: [] }],
      } as never,
    })
    expect([rule.status, rule.problem?.detail]).toEqual([201, undefined])
    const promoted = await analyst.call(models.promoteChurnModel, { params: { id: modelId }, body: {} })
    expect([promoted.status, promoted.body.state]).toEqual([200, 'live'])
    await finishJobs(application)
    const { body } = await analyst.call(predictions.listChurnPredictions, { query: { limit: 20 } })
    expect(body.total).toBe(160)
    const first = new Set(body.items.slice(0, 10).map(({ id }) => id))
    expect(stayed.slice(0, 10).filter(id => first.has(id)).length).toBeGreaterThanOrEqual(8)
    const [top] = body.items
    expect(top).toMatchObject({ basis: 'model', held: null, confidence: expect.any(String) })
    // Those that speak for it, three at most; how many there are goes with the day on which the histories begin.
    expect(top!.factors.length).toBeGreaterThanOrEqual(1)
    expect(top!.factors.length).toBeLessThanOrEqual(3)
    expect(top!.factors.every(({ part }) => part > 0)).toBe(true)
    expect(top!.low!).toBeLessThanOrEqual(top!.score + 0.1)
    expect(top!.high!).toBeGreaterThanOrEqual(top!.score - 0.1)
    const { body: record } = await analyst.call(getCustomer, { params: { id: top!.id } })
    expect([record.churnScore, record.churnRisk === null]).toEqual([expect.closeTo(top!.score, 1), false])
    // ALR-3: rules see the scores.
    const { body: alerts } = await company.admin.call(listAlerts, { query: {} })
    expect(alerts.items.length).toBeGreaterThanOrEqual(8)
    const after = await overview()
    expect(after.bands.reduce((sum, { customers }) => sum + customers, 0)).toBe(160)
    expect(after.expected).toBeGreaterThan(5)
    expect(after.drift!.stability).toBeGreaterThanOrEqual(0)
  })

  it('explains a customer: parts add up to the score, in words, with history and actions', async () => {
    const { body } = await analyst.call(predictions.getCustomerChurn, { params: { id: stayed[0]! } })
    const listed = [...body.factors, ...body.protective].reduce((sum, { part }) => sum + part, 0)
    expect(body.base! + listed + body.rest!).toBeCloseTo(body.score, 0)
    expect(body.factors.every(({ part }) => part > 0) && body.protective.every(({ part }) => part < 0)).toBe(true)
    expect(body.factors.some(({ feature }) => feature.startsWith('usage.'))).toBe(true)
    expect(body.history.map(({ version }) => version)).toEqual([1])
    expect(body.actions.length).toBeGreaterThan(0)
    expect(body.model).toMatchObject({ id: modelId, version: 1, horizonDays: 90 })
  })

  it('answers what-ifs without storing them, and refuses features that there are not', async () => {
    const id = stayed[0]!
    const { body: before } = await analyst.call(predictions.getCustomerChurn, { params: { id } })
    const changes = before.simulable
      .filter(({ value }) => typeof value === 'number')
      .map(({ feature, high, low }) => ({ feature, value: high ?? low }))
    const { body } = await analyst.call(predictions.simulateCustomerChurn, { params: { id }, body: { changes } })
    expect(body.before).toBeCloseTo(before.score, 0)
    expect(body.after).not.toBeCloseTo(body.before, 1)
    const refused = await analyst.call(predictions.simulateCustomerChurn, {
      params: { id },
      body: { changes: [{ feature: 'nothing', value: 1 }] },
    })
    expect([refused.status, refused.problem.errors?.[0]?.path]).toEqual([422, 'body.changes.0.feature'])
    const again = (await analyst.call(predictions.getCustomerChurn, { params: { id } })).body
    expect(again.score).toBe(before.score)
  })

  it('CHN-4: goes back to a version of before, and keeps each in the audit log', async () => {
    await analyst.call(models.trainChurnModel, { body: { seed: 7 } })
    await finishJobs(application)
    const { items } = (await analyst.call(models.listChurnModels)).body
    expect(items.map(({ version, state }) => [version, state])).toEqual([
      [2, 'ready'],
      [1, 'live'],
    ])
    const contents = await asSystem(company, ctx =>
      sql<{ equal: boolean }>`
        select count(distinct md5(content)) = 1 as equal from churn_model_content
        where tenant_id = ${ctx.tenantId} and algorithm = 'forest' group by algorithm`.execute(ctx.tx),
    )
    // The same data and seed give the same file.
    expect(contents.rows).toEqual([{ equal: true }])
    await analyst.call(models.promoteChurnModel, { params: { id: items[0]!.id }, body: { algorithm: 'boosting' } })
    expect((await overview()).live).toMatchObject({ version: 2, algorithm: 'boosting' })
    await analyst.call(models.promoteChurnModel, { params: { id: modelId }, body: {} })
    expect((await overview()).live!.version).toBe(1)
    expect((await analyst.call(models.listChurnModels)).body.items[0]!.state).toBe('retired')
  })

  it('keeps the settings: bands count at once, a changed definition proposes a new training', async () => {
    const { body: settings } = await analyst.call(getChurnSettings)
    const bands = churnSettings.parse({}).bands.map(band => (band.key === 'high' ? { ...band, from: 61 } : band))
    const changed = { ...settings, bands, horizonDays: 60 as const, threshold: 35 }
    expect((await analyst.call(putChurnSettings, { body: changed })).status).toBe(200)
    await finishJobs(application)
    const after = await overview()
    expect([after.threshold, after.retrain]).toEqual([35, expect.arrayContaining(['definition'])])
    expect(after.bands.map(({ key }) => key)).toEqual(['high', 'medium', 'low'])
    const circular = { ...settings, exclude: { field: 'churnScore', op: 'at_least', value: 1 } as const }
    expect((await analyst.call(putChurnSettings, { body: circular })).status).toBe(422)
    const none = { ...settings, exclude: { field: 'plan', op: 'in', value: ['Pro'] } as const }
    expect((await analyst.call(putChurnSettings, { body: none })).status).toBe(200)
    await finishJobs(application)
    expect((await overview()).customers).toBeLessThan(160)
    await analyst.call(putChurnSettings, { body: settings })
    await finishJobs(application)
  })

  it('counts the recorded reasons of those who left', async () => {
    const { body } = await analyst.call(models.churnReasons, { query: { months: 12 } })
    expect(body.items.map(({ reason }) => reason).sort()).toEqual(['価格', '担当者の異動', '機能不足'])
    expect(body.items.reduce((sum, { customers }) => sum + customers, 0)).toBe(body.withReason)
  })

  it('lets only those who may train and promote', async () => {
    const csm = await newMember(company, 'csm')
    expect((await csm.call(models.trainChurnModel, { body: {} })).status).toBe(403)
    expect((await csm.call(models.promoteChurnModel, { params: { id: modelId }, body: {} })).status).toBe(403)
    expect((await csm.call(models.churnOverview)).status).toBe(200)
  })

  it('ends a training that was cancelled, and the model that serves goes on', async () => {
    const { body: begun } = await analyst.call(models.trainChurnModel, { body: {} })
    expect((await analyst.call(models.cancelChurnTraining, { params: { id: begun.id } })).body.cancelling).toBe(true)
    await finishJobs(application)
    expect((await analyst.call(models.getChurnModel, { params: { id: begun.id } })).body.state).toBe('cancelled')
    expect((await overview()).live!.version).toBe(1)
  })
})
