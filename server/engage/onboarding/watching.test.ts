import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAlertRule, openAlerts } from '../../../tests/support/alert-rules.ts'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, newFlow } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { newJourney, newTemplate, watchJourneys } from '../../../tests/support/onboarding.ts'
import type { Condition } from '../../catalog/conditions/contract.ts'
import { previewCondition } from '../../customers/conditions/contract.ts'
import { oneKpi } from '../../insights/kpis/queries/kpis.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { createSegment, listSegmentMembers } from '../../signals/segments/contract.ts'
import { evaluateRules } from '../alerts/commands/evaluate.ts'
import { completeJourney, tickJourneyTask } from './contract/journeys.ts'

let application: TestApplication
let company: TestCompany
let template: string

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  template = await newTemplate(company, item)
})
afterAll(() => application.end())

const task = (key: string, phase: string, dueDay: number, more: object = {}) => ({
  key,
  phase,
  titleJa: key,
  titleEn: key,
  role: 'owner',
  dueDay,
  ...more,
})
const item = {
  key: 'intro',
  nameJa: '導入',
  nameEn: 'Intro',
  definition: {
    days: 30,
    phases: [
      { key: 'start', nameJa: '開始', nameEn: 'Start', fromDay: 1, toDay: 10 },
      { key: 'use', nameJa: '利用', nameEn: 'Use', fromDay: 11, toDay: 30 },
    ],
    tasks: [
      task('call', 'start', 3),
      task('lesson', 'start', 5, { training: true, required: false }),
      task('quiz', 'use', 12, { training: true, required: false }),
      task('review', 'use', 28),
    ],
    value: { field: 'plan', op: 'in', value: ['pro'] },
    warnings: [
      {
        key: 'silent',
        nameJa: '7日以内に連絡なし',
        nameEn: 'No call within 7 days',
        day: 7,
        tasks: ['call'],
        role: 'owner',
      },
    ],
  },
}
const tick = (id: string, key: string) =>
  company.admin.call(tickJourneyTask, { params: { id, key }, body: { done: true } })
const count = async (condition: object) =>
  (await company.admin.call(previewCondition, { body: { record: 'customer', condition: condition as never } })).body
    .count

async function figuresOf(customer: string): Promise<Record<string, number | null>> {
  await asSystem(company, followFacts)
  const keys = [
    'time_to_value_journey_days',
    'onboarding_journey_days',
    'onboarding_journeys_completed',
    'onboarding_tasks_done_share',
    'onboarding_late_tasks',
    'onboarding_training_share',
    'onboarding_phases_done_share',
    'onboarding_phase_days',
  ]
  const found: Record<string, number | null> = {}
  for (const key of keys) {
    const { rows } = await asSystem(company, ctx =>
      sql<{ value: number | null }>`
        select f.figures[m.place] as value from customer_figures f join metric_place m on m.tenant_id = f.tenant_id and m.key = ${`success.${key}`}
        where f.tenant_id = ${ctx.tenantId} and f.customer_id = ${customer}`.execute(ctx.tx),
    )
    found[key] = rows[0]?.value ?? null
  }
  return found
}

describe('ONB-7: metrics of the catalogue', () => {
  it('ONB-7: time to value, completion by task and phase, late tasks and training follow a journey', async () => {
    const customer = await newCustomer(company, { plan: 'pro' })
    const journey = await newJourney(company, template, customer, dayAgo(6))
    expect(await figuresOf(customer)).toEqual({
      time_to_value_journey_days: 6,
      onboarding_journey_days: 6,
      onboarding_journeys_completed: 0,
      onboarding_tasks_done_share: 0,
      onboarding_late_tasks: 1,
      onboarding_training_share: 0,
      onboarding_phases_done_share: 0,
      onboarding_phase_days: 0,
    })
    await tick(journey, 'call')
    await tick(journey, 'lesson')
    expect(await figuresOf(customer)).toMatchObject({
      onboarding_tasks_done_share: 50,
      onboarding_late_tasks: 0,
      onboarding_training_share: 100,
      onboarding_phases_done_share: 50,
    })
    await company.admin.call(completeJourney, { params: { id: journey }, body: { reason: '早期に完了' } })
    expect(await figuresOf(customer)).toMatchObject({
      onboarding_journeys_completed: 1,
      onboarding_phases_done_share: 100,
      onboarding_phase_days: null,
    })
    expect(await figuresOf(await newCustomer(company))).toMatchObject({
      onboarding_late_tasks: 0,
      onboarding_tasks_done_share: null,
      time_to_value_journey_days: null,
    })
  })

  it('ONB-7: a segment follows late tasks by itself', async () => {
    const late = await newCustomer(company, { name: '遅れ' })
    await newJourney(company, template, late, dayAgo(6))
    await newJourney(company, template, await newCustomer(company, { name: '順調' }))
    await asSystem(company, followFacts)
    const segment = await company.admin.call(createSegment, {
      body: {
        record: 'customer',
        nameJa: '遅れている',
        nameEn: 'Late',
        kind: 'dynamic',
        state: 'enabled',
        condition: { field: 'metrics.success.onboarding_late_tasks', op: 'at_least', value: 1 },
      },
    })
    expect(segment.status).toBe(201)
    await finishJobs(application)
    const members = await company.admin.call(listSegmentMembers, { params: { id: segment.body.id }, query: {} })
    expect(members.body.items.map(({ name }) => name)).toEqual(['遅れ'])
  })

  it('ONB-7: KPIs say the same over all customers, with the customers behind them', async () => {
    const [fast, slow] = [await newCustomer(company, { plan: 'pro' }), await newCustomer(company)]
    const done = await newJourney(company, template, fast, dayAgo(20))
    await newJourney(company, template, slow, dayAgo(40))
    for (const key of ['call', 'lesson', 'quiz', 'review']) await tick(done, key)
    await company.admin.call(completeJourney, { params: { id: done }, body: {} })
    const current = async (key: string) => {
      const { current: figure } = await asSystem(company, ctx => oneKpi(ctx, key, {}))
      return [figure.value, figure.numerator, figure.denominator]
    }
    expect(await current('journey_time_to_value')).toEqual([20, 20, 1])
    // The slow one should have ended eleven days ago; the fast one still had ten days.
    expect(await current('journey_completion')).toEqual([0, 0, 1])
    expect(await current('journey_late_tasks')).toEqual([2, 2, null])
    expect(await current('journey_training_completion')).toEqual([50, 2, 4])
    const months = async (key: string) => {
      const { series } = await asSystem(company, ctx => oneKpi(ctx, key, {}))
      const sums = series.reduce(
        (sum, figure) => [sum[0]! + figure.numerator, sum[1]! + (figure.denominator ?? 0)],
        [0, 0],
      )
      return sums
    }
    expect(await months('journey_cohort_completion')).toEqual([1, 2])
    // Of the fast one the first phase was due ten days ago and left today; the slow one left none of its two.
    expect(await months('journey_phase_completion')).toEqual([0, 3])
  })
})

describe('ONB-3: what watches onboarding', () => {
  it('ONB-3: an alert opens on an early warning and says which, once', async () => {
    await newAlertRule(company, { trigger: { kind: 'event', type: 'onboarding.warning' }, topic: 'risk' })
    await newAlertRule(company, { trigger: { kind: 'event', type: 'onboarding.stuck' }, severity: 'critical' })
    await newJourney(company, template, await newCustomer(company, { name: '東和' }), dayAgo(20))
    await finishJobs(application)
    await watchJourneys(company, new Date())
    await finishJobs(application)
    const alerts = (await openAlerts(company)).map(({ name, severity, facts }) => ({ name, severity, facts }))
    expect(alerts).toEqual([
      { name: '東和', severity: 'critical', facts: ['Onboarding is stuck'] },
      { name: '東和', severity: 'high', facts: ['Onboarding gave an early warning', 'No call within 7 days'] },
    ])
  })

  it('ONB-3: flows start on a warning, on one of them only, and on a state', async () => {
    const steps = [{ key: 'end', kind: 'end' as const }]
    const entry = (warning: string) => ({ field: 'onboardingWarnings', op: 'in' as const, value: [warning] })
    const on = { kind: 'happening' as const, type: 'onboarding.warning' as const }
    const silent = await newFlow(company, { steps, triggers: [on], entry: entry('intro/silent') })
    const other = await newFlow(company, { steps, triggers: [on], entry: entry('intro/other') })
    const stuck: Condition = { field: 'onboardingState', op: 'in', value: ['stuck'] }
    const state = await newFlow(company, { steps, triggers: [{ kind: 'condition', condition: stuck }] })
    const customer = await newCustomer(company)
    await newJourney(company, template, await newCustomer(company))
    await newJourney(company, template, customer, dayAgo(20))
    await finishJobs(application)
    // The state follows as soon as the figures do; what was noted of the journey has them worked out.
    await asSystem(company, followFacts)
    await finishJobs(application)
    const of = async (flow: { id: string }) => (await enrolmentsOf(company, flow.id)).map(({ subjectId }) => subjectId)
    expect([await of(silent), await of(other), await of(state)]).toEqual([[customer], [], [customer]])
  })

  it('ONB-3: conditions name state, progress, template, phase and the warnings that were given', async () => {
    const late = await newJourney(company, template, await newCustomer(company), dayAgo(9))
    await newJourney(company, template, await newCustomer(company))
    await newCustomer(company)
    const holds = { field: 'onboardingWarnings', op: 'in', value: ['intro/silent'] }
    expect(await count(holds)).toBe(1)
    expect(await count({ field: 'onboardingState', op: 'in', value: ['behind'] })).toBe(1)
    expect(await count({ field: 'onboardingTemplate', op: 'in', value: ['intro'] })).toBe(2)
    expect(await count({ field: 'onboardingPhase', op: 'in', value: ['intro/start'] })).toBe(2)
    await tick(late, 'call')
    await tick(late, 'lesson')
    expect(await count({ field: 'onboardingPhase', op: 'in', value: ['intro/use'] })).toBe(1)
    expect(await count({ field: 'onboardingProgress', op: 'at_least', value: 50 })).toBe(1)
    // A rule over them holds for the same customer.
    await newAlertRule(company, {
      trigger: {
        kind: 'condition',
        condition: { all: [holds as never, { field: 'onboardingProgress', op: 'less_than', value: 75 }] },
      },
    })
    await asSystem(company, ctx => evaluateRules(ctx))
    expect(await openAlerts(company)).toHaveLength(1)
  })
})
