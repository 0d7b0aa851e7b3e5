import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf, runAt } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { writeContacts } from '../../../tests/support/messages.ts'
import { newJourney } from '../../../tests/support/onboarding.ts'
import { shippedBlueprints } from '../../catalog/blueprints/queries.ts'
import { getCustomer } from '../../customers/accounts/contract/customers.ts'
import { followTriggers } from '../../engage/flows/commands/follow.ts'
import { decideRequest, listRequests } from '../../engage/flows/contract/enrolments.ts'
import { getFlow, listFlows, publishFlow, updateFlow } from '../../engage/flows/contract/flows.ts'
import { flowFaults } from '../../engage/flows/queries/check.ts'
import { flowsOf } from '../../engage/flows/queries/stored.ts'
import { listOnboardingTemplates } from '../../engage/onboarding/contract/templates.ts'
import { completeTask, listTasks } from '../../engage/tasks/contract/tasks.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'
import * as contract from './contract/blueprints.ts'

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

async function apply(blueprint: string) {
  const source = { blueprint }
  const planned = await company.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })
  const problems = planned.body.changes.filter(({ problem }) => problem).map(({ key, problem }) => [key, problem!.en])
  expect([planned.status, planned.body.faults, problems]).toEqual([200, [], []])
  const { fingerprint } = planned.body
  const { status, problem, body } = await company.admin.call(contract.applyBlueprint, {
    body: { source, replaceOthers: false, fingerprint },
  })
  expect([status, problem.detail]).toEqual([201, undefined])
  return { radius: planned.body.radius!, id: body.id }
}

async function flowId(key: string): Promise<string> {
  const { items } = (await company.admin.call(listFlows, { query: {} })).body
  return items.find(flow => flow.key === key)!.id
}

async function setScore(customer: string, score: number): Promise<void> {
  await asSystem(company, async ctx => {
    await sql`update customer set churn_score = ${score} where tenant_id = ${ctx.tenantId} and id = ${customer}`.execute(
      ctx.tx,
    )
    await followTriggers(ctx)
  })
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000)

async function tasksOf(customer: string) {
  const { items } = (await company.admin.call(listTasks, { query: { customerId: customer } })).body
  return items
}

describe('the flows of the programmes', () => {
  it('PLB-1 to PLB-4, ONB-2, ONB-4, UPS-1, UPS-2: every flow of every programme can run, in both languages', async () => {
    for (const { key } of shippedBlueprints()) {
      for (const locale of ['ja', 'en'] as const) {
        company = await newCompany(application)
        await asSystem(company, ctx =>
          sql`update tenant set locale = ${locale} where id = ${ctx.tenantId}`.execute(ctx.tx),
        )
        await apply(key)
        const flows = await asSystem(company, flowsOf)
        expect([key, flows.length > 0, flows.filter(({ state }) => state !== 'enabled')]).toEqual([key, true, []])
        for (const flow of flows) {
          expect([flow.key, await asSystem(company, ctx => flowFaults(ctx, flow.draft))]).toEqual([flow.key, []])
        }
        const { changes } = (
          await company.admin.call(contract.planBlueprint, {
            body: { source: { blueprint: key }, replaceOthers: false },
          })
        ).body
        expect([key, changes]).toEqual([key, []])
      }
    }
  })

  it('BLU: a plan names for whom the flows hold; taken back they are archived or gone', async () => {
    const names = await Promise.all(
      Array.from({ length: 12 }, async (_, place) => {
        const name = `顧客${String(place).padStart(2, '0')}`
        await setScore(await newCustomer(company, { name }), 85)
        return name
      }),
    )
    const { radius, id } = await apply('plugin-marketplace')
    const rescue = radius.flows.find(({ key }) => key === 'rescue-high')!
    expect([rescue.matching, rescue.samples.map(({ name }) => name)]).toEqual([12, names.slice(0, 10)])
    expect(await enrolmentsOf(company, await flowId('rescue-high'))).toEqual([])
    const source = { rollback: id }
    const { body } = await company.admin.call(contract.planBlueprint, { body: { source, replaceOthers: false } })
    const back = await company.admin.call(contract.applyBlueprint, {
      body: { source, replaceOthers: false, fingerprint: body.fingerprint },
    })
    expect(back.status).toBe(201)
    const flows = await asSystem(company, flowsOf)
    expect(new Set(flows.map(({ state }) => state))).toEqual(new Set(['archived']))
    expect((await company.admin.call(contract.blueprintDrift)).body).toEqual({ items: [], managed: 0 })
    await apply('plugin-marketplace')
    expect(new Set((await asSystem(company, flowsOf)).map(({ state }) => state))).toEqual(new Set(['enabled']))
  })
})

describe('PLB-2 the rescue of a customer at high risk', () => {
  let csm: Member
  let head: Member
  let customer: string
  let hours: number

  beforeEach(async () => {
    csm = await newMember(company, 'csm')
    head = await newMember(company, 'head_of_cs')
    customer = await newCustomer(company, { name: '東和工業', ownerId: csm.memberId })
    await apply('plugin-marketplace')
    await setScore(customer, 85)
    hours = 0
    await runAt(company, inHours(hours))
  })

  const answers = async (who: Member, word: 'approved' | 'refused' | 'silent') => {
    if (word === 'silent') hours += 200
    else {
      const { items } = (await who.call(listRequests, { query: {} })).body
      const open = items.filter(({ state }) => state === 'waiting')
      expect(open).toHaveLength(1)
      const decided = await who.call(decideRequest, {
        params: { id: open[0]!.id },
        body: { approve: word === 'approved', note: '' },
      })
      expect([decided.status, decided.problem.detail]).toEqual([200, undefined])
      hours += 20
    }
    await runAt(company, inHours(hours))
  }
  const log = async () => logOf((await enrolmentsOf(company, await flowId('rescue-high')))[0]!)
  const tags = async () => (await company.admin.call(getCustomer, { params: { id: customer } })).body.tags
  const titles = async () => (await tasksOf(customer)).map(({ title }) => title)

  it('PLB-2 step 1 and 2: a call within 24 hours; the offer is accepted once the lead has approved it', async () => {
    const [call] = await tasksOf(customer)
    expect(call).toMatchObject({
      title: '東和工業に24時間以内に電話する',
      priority: 'urgent',
      assigneeId: csm.memberId,
    })
    const done = await csm.call(completeTask, { params: { id: call!.id } })
    expect(done.status).toBe(200)
    await answers(csm, 'approved')
    expect(await titles()).not.toContain('東和工業に救済案を提示する')
    await answers(head, 'approved')
    expect(await titles()).toContain('東和工業に救済案を提示する')
    await answers(csm, 'approved')
    expect(await titles()).toContain('東和工業と約束した内容を実行する')
    expect(await log()).toEqual([
      'call next',
      'reached approved',
      'offer-approval approved',
      'offer next',
      'offer-answer approved',
      'saved next',
      'stays next',
    ])
    expect(await tags()).toEqual([])
  })

  it.each(['refused', 'silent'] as const)(
    'PLB-2 step 2: where the lead’s approval is %s no offer is made, and the executives take over',
    async word => {
      await answers(csm, 'refused')
      await answers(head, word)
      expect(await titles()).not.toContain('東和工業に救済案を提示する')
      expect((await log()).slice(0, 5)).toEqual([
        'call next',
        'reached refused',
        'not-reached next',
        `offer-approval ${word}`,
        'escalate next',
      ])
      const call = (await tasksOf(customer)).find(({ title }) => title.startsWith('経営層から'))
      expect(call?.assigneeId).toBe(head.memberId)
      await answers(head, 'approved')
      expect(await titles()).toContain('東和工業と約束した内容を実行する')
    },
  )

  it.each(['refused', 'silent'] as const)(
    'PLB-2 step 3 and 4: an offer that is %s goes to the executives; all failed, a graceful exit and the win-back tag',
    async word => {
      await answers(csm, 'approved')
      await answers(head, 'approved')
      await answers(csm, word)
      expect((await log()).slice(-3)).toEqual([`offer-answer ${word}`, 'escalate next', 'executive-call next'])
      await answers(head, word)
      expect((await log()).slice(-5)).toEqual([
        `executive-answer ${word}`,
        'graceful-exit next',
        'farewell no_address',
        'win-back-list next',
        'lost next',
      ])
      expect([await tags(), await titles()]).toEqual([
        ['Win-back'],
        expect.arrayContaining(['東和工業の終了手続きを支援する']),
      ])
    },
  )

  it('PLB-2: a customer that gets better leaves the rescue, and what was asked is asked no more', async () => {
    await setScore(customer, 50)
    await answers(csm, 'approved')
    const [enrolment] = await enrolmentsOf(company, await flowId('rescue-high'))
    expect([enrolment!.state, enrolment!.reason]).toEqual(['ended', 'goal'])
  })
})

describe('PLB-1 the bands of churn probability', () => {
  let csm: Member
  let head: Member
  let customer: string

  beforeEach(async () => {
    csm = await newMember(company, 'csm')
    head = await newMember(company, 'head_of_cs')
    customer = await newCustomer(company, { name: '北辰', ownerId: csm.memberId })
    await apply('saas-success')
    // Nobody is held out, so that the test is about the steps.
    const params = { id: await flowId('churn-yellow') }
    const { document } = (await company.admin.call(getFlow, { params })).body
    await company.admin.call(updateFlow, { params, body: { document: { ...document, holdoutPercent: 0 } } })
    const published = await company.admin.call(publishFlow, { params, body: { startMatching: false } })
    expect(published.status).toBe(200)
  })

  const states = async (key: string) =>
    (await enrolmentsOf(company, await flowId(key))).map(({ state, reason }) => reason ?? state)
  const logs = async (key: string) => logOf((await enrolmentsOf(company, await flowId(key)))[0]!)

  it('PLB-1 yellow, orange, red: each band starts its own flow, and the one below gives way', async () => {
    const all = ['churn-yellow', 'churn-orange', 'churn-red']
    const everywhere = () => Promise.all(all.map(states))
    await setScore(customer, 19)
    expect(await everywhere()).toEqual([[], [], []])
    await setScore(customer, 25)
    await runAt(company)
    expect(await everywhere()).toEqual([['active'], [], []])
    await setScore(customer, 70)
    await runAt(company, inHours(24 * 4))
    expect(await everywhere()).toEqual([[expect.stringMatching(/^exit/)], ['active'], []])
    await setScore(customer, 71)
    await runAt(company, inHours(24 * 40))
    expect(await everywhere()).toEqual([[expect.stringMatching(/^exit/)], [expect.stringMatching(/^exit/)], ['active']])
  })

  it('PLB-1 yellow: a check-in within a week, then quick wins by mail', async () => {
    await setScore(customer, 25)
    await runAt(company)
    expect((await tasksOf(customer)).map(({ title }) => title)).toEqual(['北辰の近況を確認する'])
    await runAt(company, inHours(24 * 5))
    expect(await logs('churn-yellow')).toEqual(['check-in next', 'pause next', 'mail no_address'])
  })

  it('PLB-1 orange: the manager looks within 48 hours, a meeting, a plan, and a look back after 30 days', async () => {
    await setScore(customer, 55)
    await runAt(company)
    expect((await tasksOf(customer)).map(({ title, priority }) => `${priority} ${title}`).sort()).toEqual([
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
      await setScore(customer, 90)
      await runAt(company)
      expect((await tasksOf(customer)).map(({ title, priority }) => [title, priority])).toEqual([
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
      const again = word === 'approved' ? [] : ['plan-refused next']
      expect(await logs('churn-red')).toEqual([
        'executives next',
        'meeting next',
        `plan-approval ${word}`,
        ...again,
        'plan next',
      ])
      await runAt(company, inHours(24 * 34))
      await runAt(company, inHours(24 * 96))
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
    await apply('saas-success')
    const { items } = (await company.admin.call(listOnboardingTemplates, { query: {} })).body
    const template = items.find(({ key }) => key === 'onboarding-90')!
    for (const customer of [quiet, busy]) await newJourney(company, template.id, customer)
    await finishJobs(application)
    const flow = await flowId('onboarding-90')
    expect((await enrolmentsOf(company, flow)).map(({ cause }) => cause)).toEqual(['happening', 'happening'])
    await sendUse(company, usageEvent('甲', 'busy', 0, 'Signed In'))
    await asSystem(company, computeAll)
    // Tomorrow at a minute past ten in Tokyo, and from then on every day.
    const first = new Date(new Date(Date.now() + 86_400_000).toISOString().replace(/T.*/, 'T01:01:00Z'))
    const days = new Map<string, string[]>()
    for (let day = 1; day <= 91; day += 1) {
      const now = new Date(first.getTime() + (day - 1) * 86_400_000)
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
      '90: 6',
    ])
  })
})
