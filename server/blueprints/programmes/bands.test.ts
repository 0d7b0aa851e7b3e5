import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf, runAt } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { writeContacts } from '../../../tests/support/messages.ts'
import { newJourney } from '../../../tests/support/onboarding.ts'
import { applyProgramme, flowId, inHours, setScore, tasksOf } from '../../../tests/support/playbooks.ts'
import { runJob } from '../../engage/flows/commands/enrol.ts'
import { decideRequest, listRequests } from '../../engage/flows/contract/enrolments.ts'
import { getFlow, publishFlow, updateFlow } from '../../engage/flows/contract/flows.ts'
import { cancelJourney, completeJourney } from '../../engage/onboarding/contract/journeys.ts'
import { listOnboardingTemplates } from '../../engage/onboarding/contract/templates.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'

type Member = Awaited<ReturnType<typeof newMember>>

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

describe('PLB-1 the bands of churn probability', () => {
  let csm: Member
  let head: Member
  let customer: string

  beforeEach(async () => {
    csm = await newMember(company, 'csm')
    head = await newMember(company, 'head_of_cs')
    customer = await newCustomer(company, { name: '北辰', ownerId: csm.memberId })
    await applyProgramme(company, 'saas-success')
    // Nobody is held out, so that the test is about the steps.
    const params = { id: await flowId(company, 'churn-yellow') }
    const { document } = (await company.admin.call(getFlow, { params })).body
    await company.admin.call(updateFlow, { params, body: { document: { ...document, holdoutPercent: 0 } } })
    const published = await company.admin.call(publishFlow, { params, body: { startMatching: false } })
    expect(published.status).toBe(200)
  })

  const states = async (key: string) =>
    (await enrolmentsOf(company, await flowId(company, key))).map(({ state, reason }) => reason ?? state)
  const logs = async (key: string) => logOf((await enrolmentsOf(company, await flowId(company, key)))[0]!)

  it('PLB-1 yellow, orange, red: each band starts its own flow, and the one below gives way', async () => {
    const all = ['churn-yellow', 'churn-orange', 'churn-red']
    const everywhere = () => Promise.all(all.map(states))
    await setScore(company, customer, 19)
    expect(await everywhere()).toEqual([[], [], []])
    await setScore(company, customer, 25)
    await runAt(company)
    expect(await everywhere()).toEqual([['active'], [], []])
    await setScore(company, customer, 70)
    await runAt(company, inHours(24 * 4))
    expect(await everywhere()).toEqual([[expect.stringMatching(/^exit/)], ['active'], []])
    await setScore(company, customer, 71)
    await runAt(company, inHours(24 * 40))
    expect(await everywhere()).toEqual([[expect.stringMatching(/^exit/)], [expect.stringMatching(/^exit/)], ['active']])
  })

  it('PLB-1 yellow: a check-in within a week, then quick wins by mail', async () => {
    await setScore(company, customer, 25)
    await runAt(company)
    expect((await tasksOf(company, customer)).map(({ title }) => title)).toEqual(['北辰の近況を確認する'])
    await runAt(company, inHours(24 * 5))
    expect(await logs('churn-yellow')).toEqual(['check-in next', 'pause next', 'mail no_address'])
  })

  it('PLB-1 orange: the manager looks within 48 hours, a meeting, a plan, and a look back after 30 days', async () => {
    await setScore(company, customer, 55)
    await runAt(company)
    expect((await tasksOf(company, customer)).map(({ title, priority }) => `${priority} ${title}`).sort()).toEqual([
      'high 北辰と打ち合わせ、原因を分析する',
      'high 北辰の改善計画を合意する',
    ])
    await runAt(company, inHours(24 * 32))
    expect(await logs('churn-orange')).toEqual([
      'manager next',
      'meeting next',
      'plan next',
      'wait next',
      'review next',
    ])
  })

  it.each(['approved', 'refused', 'silent'] as const)(
    'PLB-1 red: executives and an urgent meeting in 24 hours; the 90-day plan where it is %s',
    async word => {
      await setScore(company, customer, 90)
      await runAt(company)
      expect((await tasksOf(company, customer)).map(({ title, priority }) => [title, priority])).toEqual([
        ['北辰と緊急の打ち合わせを行う', 'urgent'],
      ])
      if (word !== 'silent') {
        const { items } = (await head.call(listRequests, { query: {} })).body
        await head.call(decideRequest, {
          params: { id: items[0]!.id },
          body: { approve: word === 'approved', note: '' },
        })
      }
      await runAt(company, inHours(50))
      expect(await logs('churn-red')).toEqual([
        'executives next',
        'meeting next',
        `plan-approval ${word}`,
        word === 'approved' ? 'plan next' : 'plan-refused next',
      ])
      if (word !== 'approved') {
        // It is reworked and asked about again; without a yes the plan is not carried out.
        await runAt(company, inHours(24 * 6))
        await runAt(company, inHours(24 * 9))
        expect((await logs('churn-red')).slice(-4)).toEqual([
          'rework next',
          'plan-again silent',
          'no-plan next',
          'not-saved next',
        ])
        return
      }
      await runAt(company, inHours(24 * 45))
      await runAt(company, inHours(24 * 120))
      expect((await logs('churn-red')).slice(-4)).toEqual(['month next', 'review next', 'quarter next', 'result next'])
    },
  )
})

describe('ONB-2 the mails of onboarding', () => {
  it('ONB-2: days 1, 3, 7, 14, 30, 60 and 90; day 3 only to those who have not signed in', async () => {
    const [quiet, busy] = [
      await newCustomer(company, { externalId: 'quiet' }),
      await newCustomer(company, { externalId: 'busy' }),
    ]
    await writeContacts(company, 2, place => ({ customerId: [quiet, busy][place]! }))
    await applyProgramme(company, 'saas-success')
    const { items } = (await company.admin.call(listOnboardingTemplates, { query: {} })).body
    const template = items.find(({ key }) => key === 'onboarding-90')!
    const journey = await newJourney(company, template.id, quiet)
    await newJourney(company, template.id, busy)
    // Whose journey began three weeks ago is not welcomed now.
    const late = await newCustomer(company)
    await newJourney(company, template.id, late, dayAgo(21))
    // Steps are done by the moments below, whatever the time of day is.
    const stopped = await newCustomer(company)
    const stoppedJourney = await newJourney(company, template.id, stopped)
    await finishJobs(application, [runJob])
    const flow = await flowId(company, 'onboarding-90')
    expect((await enrolmentsOf(company, flow)).map(({ cause }) => cause)).toEqual(Array(3).fill('happening'))
    await sendUse(company, usageEvent('甲', 'busy', 0, 'Signed In'))
    // On the day on which the walk begins.
    await asSystem(company, ctx =>
      sql`update usage_daily set day = ${dayAgo(-1)}::date where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    await asSystem(company, computeAll)
    // Tomorrow at a minute past ten in Tokyo, and from then on every day.
    const first = new Date(new Date(Date.now() + 86_400_000).toISOString().replace(/T.*/, 'T01:01:00Z'))
    const days = new Map<string, string[]>()
    for (let day = 1; day <= 91; day += 1) {
      const now = new Date(first.getTime() + (day - 1) * 86_400_000)
      if (day === 90) {
        // One of them has completed it by then: only that one hears of its certificate.
        const body = { reason: '検収済み' }
        expect((await company.admin.call(completeJourney, { params: { id: journey }, body })).status).toBe(200)
        await asSystem(company, computeAll)
      }
      if (day === 5) {
        const stop = { params: { id: stoppedJourney }, body: { reason: '延期' } }
        expect((await company.admin.call(cancelJourney, stop)).status).toBe(200)
        await asSystem(company, computeAll)
      }
      await runAt(company, now)
      if (![1, 2, 3, 6, 7, 13, 14, 29, 30, 59, 60, 89, 90].includes(day)) continue
      for (const enrolment of await enrolmentsOf(company, flow)) {
        const mails = logOf(enrolment).filter(line => /^day-\d+ next$/.test(line)).length
        days.set(enrolment.subjectId, [...(days.get(enrolment.subjectId) ?? []), `${day}: ${mails}`])
      }
    }
    expect(days.get(quiet)).toEqual([
      '1: 1',
      '2: 1',
      '3: 2',
      '6: 2',
      '7: 3',
      '13: 3',
      '14: 4',
      '29: 4',
      '30: 5',
      '59: 5',
      '60: 6',
      '89: 6',
      '90: 7',
    ])
    expect(days.get(busy)).toEqual([
      '1: 1',
      '2: 1',
      '3: 1',
      '6: 1',
      '7: 2',
      '13: 2',
      '14: 3',
      '29: 3',
      '30: 4',
      '59: 4',
      '60: 5',
      '89: 5',
      '90: 5',
    ])
    // Whose onboarding is called off hears no more of it.
    const ended = (await enrolmentsOf(company, flow)).find(({ subjectId }) => subjectId === stopped)!
    expect([ended.reason, logOf(ended).at(-1)]).toEqual(['exit', 'to-7 exit'])
    expect((await tasksOf(company, busy)).map(({ title }) => title)).toContainEqual(
      expect.stringContaining('オンボーディングの残りを確認する'),
    )
  })
})
