import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import {
  asSystem,
  newCompany,
  newMember,
  stranger,
  type TestCompany,
  type TestMember,
} from '../../../tests/support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf, runAt } from '../../../tests/support/flows.ts'
import { writeContacts } from '../../../tests/support/messages.ts'
import { flowId, setScore, tasksOf } from '../../../tests/support/playbooks.ts'
import { day, first, ProgrammeWalk, use } from '../../../tests/support/programme-walk.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { followSchedules } from '../../engage/flows/commands/follow.ts'
import { followGoals } from '../../engage/flows/commands/leave.ts'
import { rotateFlowHook } from '../../engage/flows/contract/flows.ts'
import { listWinBack } from '../../engage/flows/contract/reports.ts'
import { computeAll } from '../../signals/metrics/commands/follow.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember
let walk: ProgrammeWalk

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
  walk = new ProgrammeWalk(application, company, csm)
})
afterAll(() => application.end())

describe('the flows of plugin-marketplace, walked through time', () => {
  it('PLB-2 medium: a mail within 7 days, the usage campaign after 14 if it is no better, a call after 30', async () => {
    const [worse, better] = [await walk.customerOf('worse', 'pro'), await walk.customerOf('better', 'pro')]
    const flow = await walk.programmeWith('rescue-medium')
    for (const id of [worse, better]) await setScore(company, id, 65)
    await walk.walk(0, 7)
    const [check] = await walk.daysOf(flow, ['email'], worse)
    const start = Number(check!.split(' ')[0])
    expect([start <= 7, check]).toEqual([true, `${start} check done`])
    await setScore(company, better, 40)
    await asSystem(company, followGoals)
    await walk.walk(8, 45)
    expect(await walk.daysOf(flow, ['email', 'call'], worse)).toEqual([
      `${start} check done`,
      `${start + 14} campaign done`,
      `${start + 30} call done`,
    ])
    expect(await walk.daysOf(flow, ['email', 'call'], better)).toEqual([`${start} check done`])
    const calls = async (id: string) => (await tasksOf(company, id)).map(({ title }) => title)
    expect([await calls(worse), await calls(better)]).toEqual([['worseに15分の電話をする'], []])
  })

  it('PLB-3: a value check-in each month, a review each quarter, the advisory board twice a year for the most engaged', async () => {
    const [keen, calm] = [await walk.customerOf('keen', 'pro'), await walk.customerOf('calm', 'free')]
    await sendUse(company, ...Array.from({ length: 20 }, (_, ago) => usageEvent('甲', 'keen', ago, 'Plugin Run')))
    await asSystem(company, computeAll)
    const monthly = await walk.programmeWith('monthly-value')
    const [review, board] = [await flowId(company, 'quarterly-review'), await flowId(company, 'advisory-board')]
    const today = new Date()
    for (let month = 1; month <= 12; month += 1) {
      // The 20th of each month at eleven in Tokyo; a fortnight later all that was begun is done.
      const now = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 20, 2))
      await asSystem(company, ctx => followSchedules({ ...ctx, now }))
      for (const later of [0, 5, 8, 40]) await runAt(company, new Date(now.getTime() + later * day))
    }
    const times = async (flow: string, id: string) =>
      (await enrolmentsOf(company, flow)).filter(({ subjectId }) => subjectId === id).length
    expect([await times(monthly, keen), await times(monthly, calm)]).toEqual([12, 12])
    expect([await times(review, keen), await times(review, calm)]).toEqual([4, 0])
    expect([await times(board, keen), await times(board, calm)]).toEqual([2, 0])
    const reviews = (await tasksOf(company, keen)).filter(({ title }) => title === 'keenと四半期レビューを行う')
    expect([reviews.length, reviews[0]!.assigneeId]).toEqual([4, csm.memberId])
  })

  it('PLB-4: the exit interview at churn, mails after 3, 6 and 12 months; who returns gets no more', async () => {
    const [gone, back] = [await walk.customerOf('gone', 'pro'), await walk.customerOf('back', 'pro')]
    const flow = await walk.programmeWith('win-back')
    for (const id of [gone, back]) await walk.change(id, 'CHURNED')
    await walk.walk(0, 1)
    const interview = (await tasksOf(company, gone)).find(({ title }) => title === 'goneに終了時のヒアリングを行う')
    expect(Date.parse(`${interview!.dueOn}T00:00:00Z`) - Date.now()).toBeLessThan(10 * day)
    for (const passed of [88, 92]) await walk.walk(passed, passed)
    await walk.change(back, 'ACTIVE')
    await asSystem(company, followGoals)
    for (const passed of [178, 184, 360, 370]) await walk.walk(passed, passed)
    const mails = async (id: string) =>
      (await walk.daysOf(flow, ['email'], id)).map(line => line.split(' ').slice(1).join(' '))
    expect(await mails(gone)).toEqual(['mail-3 done', 'mail-6 done', 'mail-12 done'])
    expect(await mails(back)).toEqual(['mail-3 done'])
    const { items } = (await company.admin.call(listWinBack, { query: {} })).body
    expect(items.map(({ customerName, result }) => [customerName, result]).sort()).toEqual([
      ['back', 'returned'],
      ['gone', 'ended'],
    ])
  })

  it('PLB-4: the product’s own webhook starts it, and the interview is there at once', async () => {
    const id = await walk.customerOf('hooked', 'pro')
    await asSystem(company, ctx => updateCustomers(ctx, [{ id, values: { status: 'CHURNED' } }], { origin: 'person' }))
    const flow = await walk.programmeWith('win-back')
    const { path } = (await company.admin.call(rotateFlowHook, { params: { id: flow } })).body
    const payload = { customerId: 'hooked', id: 'churn-1' }
    const told = await stranger(application).send({ method: 'POST', url: path, payload })
    expect([told.status, told.body]).toEqual([202, { enrolled: 1, reason: null }])
    await walk.walk(0, 0)
    expect((await enrolmentsOf(company, flow)).map(({ cause }) => cause)).toEqual(['webhook'])
    expect((await tasksOf(company, id)).map(({ title }) => title)).toContain('hookedに終了時のヒアリングを行う')
  })

  it('UPS-1: each trigger leads a Free customer to Pro; five mails: at once, on days 7, 14, 21 and 30', async () => {
    const signs: Record<string, ReturnType<typeof use>> = {
      runs: use('Plugin Run', 11),
      tried: use('Plugin Tried', 6),
      parallel: use('Parallel Run', 1),
      screen: use('Agent Screen Viewed', 3),
      webinar: use('Webinar Attended', 1),
      interest: use('Pro Plugin Viewed', 1),
      'day-14': use('Signed In', 1),
      // Below every threshold.
      few: [...use('Plugin Run', 10), ...use('Plugin Tried', 5), ...use('Agent Screen Viewed', 2)],
    }
    const ids = new Map<string, string>()
    for (const name of Object.keys(signs)) ids.set(name, await walk.customerOf(name, 'free'))
    await walk.customerOf('pro-already', 'pro')
    await asSystem(company, ctx =>
      sql`update customer set created_at = now() - interval '15 days' where tenant_id = ${ctx.tenantId} and id = ${ids.get('day-14')!}`.execute(
        ctx.tx,
      ),
    )
    const flow = await walk.programmeWith('free-to-pro')
    const events = Object.entries(signs).flatMap(([name, own]) =>
      own.map(([person, event]) => usageEvent(`${name} ${person}`, name, 0, event)),
    )
    await sendUse(
      company,
      ...events,
      ...use('Plugin Run', 20).map(() => usageEvent('x', 'pro-already', 0, 'Plugin Run')),
    )
    await walk.settle()
    const came = (await enrolmentsOf(company, flow)).map(({ subjectName }) => subjectName).sort()
    expect(came).toEqual(
      Object.keys(signs)
        .filter(name => name !== 'few')
        .sort(),
    )
    await walk.walk(0, 32)
    expect(await walk.daysOf(flow, ['email'], ids.get('runs'))).toEqual([
      '0 mail-0 done',
      '7 mail-7 done',
      '14 mail-14 done',
      '21 mail-21 done',
      '30 mail-30 done',
    ])
  })

  it('UPS-2: each trigger leads from Pro to Enterprise: contact within 3 days, the 30-day trial, the decision', async () => {
    const signs: Record<string, ReturnType<typeof use>> = {
      agents: use('Custom Agent Created', 6),
      asks: use('Enterprise Question Asked', 1),
      limit: use('API Limit Reached', 1),
      few: [...use('Custom Agent Created', 5), ...use('Plugin Run', 30)],
    }
    const ids = new Map<string, string>()
    for (const name of [...Object.keys(signs), 'people']) ids.set(name, await walk.customerOf(name, 'pro'))
    const flow = await walk.programmeWith('pro-to-enterprise')
    await writeContacts(company, 9, () => ({ customerId: ids.get('people')! }))
    await sendUse(
      company,
      ...Object.entries(signs).flatMap(([name, own]) =>
        own.map(([, event]) => usageEvent(`u ${name}`, name, 0, event)),
      ),
    )
    await walk.settle()
    const came = (await enrolmentsOf(company, flow)).map(({ subjectName }) => subjectName).sort()
    expect(came).toEqual(['agents', 'asks', 'limit', 'people'])
    for (const name of ['agents', 'asks', 'limit']) {
      const enrolment = (await enrolmentsOf(company, flow)).find(({ subjectName }) => subjectName === name)!
      expect(enrolment.cause).toBe('condition')
    }
    await walk.walk(0, 0)
    const [talk] = await tasksOf(company, ids.get('people')!)
    expect(talk).toMatchObject({ title: 'peopleにEnterpriseをご案内する', priority: 'high', assigneeId: csm.memberId })
    expect(Date.parse(`${talk!.dueOn}T00:00:00Z`)).toBeLessThanOrEqual(first.getTime() + 3 * day)
    for (let left = 4; left > 0; left -= 1) await walk.decide(true)
    await walk.walk(1, 32)
    expect(await walk.daysOf(flow, ['email', 'task', 'call'], ids.get('people'))).toEqual([
      '0 talk done',
      '1 trial-mail done',
      '16 review done',
      '28 decide done',
    ])
  })

  it('ONB-4 Free: seven mails on days 0, 1, 2, 3, 5, 7 and 30; past 80% of the quota day 7 offers Pro', async () => {
    const [calm, keen] = [
      await newCustomer(company, { name: 'calm', externalId: 'calm', plan: 'free' }),
      await newCustomer(company, { name: 'keen', externalId: 'keen', plan: 'free' }),
    ]
    const flow = await walk.programmeWith('free-onboarding')
    const [one] = await writeContacts(company, 1, () => ({ customerId: calm }))
    const [other] = await writeContacts(company, 1, () => ({ customerId: keen, externalId: 'keen-1' }))
    await walk.settle()
    await sendUse(company, ...use('Plugin Run', 9).map(() => usageEvent('keen-1', 'keen', 0, 'Plugin Run')))
    await walk.settle()
    await walk.walk(0, 31)
    const mails = (seventh: string) => [
      '0 mail-0 done',
      '1 mail-1 done',
      '2 mail-2 done',
      '3 mail-3 done',
      '5 mail-5 done',
      `7 ${seventh} done`,
      '30 mail-30 done',
    ]
    expect(await walk.daysOf(flow, ['email'], one)).toEqual(mails('mail-7'))
    expect(await walk.daysOf(flow, ['email'], other)).toEqual(mails('mail-7-pro'))
  })

  it('ONB-4: the badge at five plugins, and three mails a week apart to who stayed away', async () => {
    const home = await newCustomer(company, { name: 'home', externalId: 'home', plan: 'free' })
    const [away, tries] = await writeContacts(company, 2, place => ({
      customerId: home,
      externalId: ['away-1', 'tries-1'][place]!,
    }))
    const flow = await walk.programmeWith('free-return')
    const badge = await flowId(company, 'plugin-badge')
    await sendUse(company, usageEvent('away-1', 'home', 20, 'Plugin Run'))
    await sendUse(company, ...use('Plugin Tried', 5).map(() => usageEvent('tries-1', 'home', 0, 'Plugin Tried')))
    await walk.settle()
    expect((await enrolmentsOf(company, flow)).map(({ subjectId }) => subjectId)).toEqual([away])
    await walk.walk(0, 15)
    expect(await walk.daysOf(flow, ['email'], away)).toEqual(['0 mail-1 done', '7 mail-2 done', '14 mail-3 done'])
    const badges = await enrolmentsOf(company, badge)
    expect(badges.map(each => [each.subjectId, logOf(each)])).toEqual([[tries, ['badge next', 'mail next']]])
  })
})
