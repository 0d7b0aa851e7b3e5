import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { dayAgo, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import { enrolmentsOf, logOf } from '../../../tests/support/flows.ts'
import { tasksOf } from '../../../tests/support/playbooks.ts'
import { day, first, ProgrammeWalk } from '../../../tests/support/programme-walk.ts'
import { followSchedules, followTriggers } from '../../engage/flows/commands/follow.ts'
import { messagesFor } from '../../engage/in-app/queries/shown.ts'
import { listNotices } from '../../engage/notices/contract/inbox.ts'

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

const times = (customer: string, event: string, count: number, properties?: object) =>
  Array.from({ length: count }, () => usageEvent(`${customer}-1`, customer, 0, event, properties))
const titlesOf = async (id: string) => (await tasksOf(company, id)).map(({ title }) => title)
/** What the person of a customer sees inside the product. */
const shownAt = (customer: string) =>
  asSystem(company, async ctx => {
    const { rows } = await sql<{ id: string }>`
      select id from contact where tenant_id = ${ctx.tenantId} and external_id = ${`${customer}-1`}`.execute(ctx.tx)
    return (await messagesFor(ctx, rows[0]!.id, { path: '/', language: 'ja' })).map(({ title }) => title)
  })

describe('UPS-3 the right moment for a larger plan, walked through time', () => {
  it('80% of a limit: a notice inside the product and to the owner, at eight of ten runs, not at seven, and once a month', async () => {
    for (const [name, plan] of Object.entries({ near: 'free', below: 'free', full: 'pro' }))
      await walk.customerOf(name, plan)
    const flow = await walk.programmeWith('quota-80')
    await sendUse(company, ...times('near', 'Plugin Run', 8), ...times('below', 'Plugin Run', 7))
    await sendUse(company, ...times('full', 'Storage Nearly Full', 1))
    await walk.settle()
    await walk.walk(0, 1)
    expect(await walk.namesIn(flow)).toEqual(['full', 'near'])
    const notice = '今月の利用が上限の80%に達しました'
    expect([await shownAt('near'), await shownAt('full'), await shownAt('below')]).toEqual([[notice], [notice], []])
    const told = (await csm.call(listNotices, { query: {} })).body.items.map(({ title }) => title.ja)
    expect(told).toContain('nearの利用が上限の80%に達しました')
    await sendUse(company, ...times('near', 'API Limit Near', 1))
    await walk.settle()
    expect((await enrolmentsOf(company, flow)).map(each => logOf(each))).toEqual([
      ['show next', 'tell next'],
      ['show next', 'tell next'],
    ])
  })

  it('a milestone: the first pull request, the 100th run, the first agent, levels 5, 10 and 20, and not 6', async () => {
    const names = ['pull', 'runs', 'agent', 'level', 'six', 'ninety-nine']
    const ids = new Map<string, string>()
    for (const name of names) ids.set(name, await walk.customerOf(name, 'pro'))
    const flow = await walk.programmeWith('milestone-reached')
    await sendUse(
      company,
      ...times('pull', 'Pull Request Created', 1),
      ...times('runs', 'Plugin Run', 100),
      ...times('ninety-nine', 'Plugin Run', 99),
      ...times('agent', 'Custom Agent Created', 1),
      ...times('level', 'Level Reached', 1, { level: 10 }),
      ...times('six', 'Level Reached', 1, { level: 6 }),
    )
    await walk.settle()
    await walk.walk(0, 1)
    expect(await walk.namesIn(flow)).toEqual(['agent', 'level', 'pull', 'runs'])
    expect(await walk.daysOf(flow, ['email', 'task'], ids.get('level'))).toEqual(['0 mail done', '0 talk done'])
    expect(await titlesOf(ids.get('level')!)).toEqual(['節目を迎えたlevelに次の活用を提案する'])
  })

  it('30 days before the renewal: the talk is the owner’s task; a later renewal waits for its day', async () => {
    const due = await walk.customerOf('due', 'pro', { renewalOn: dayAgo(-31) })
    const later = await walk.customerOf('later', 'pro', { renewalOn: dayAgo(-40) })
    const free = await walk.customerOf('free', 'free', { renewalOn: dayAgo(-31) })
    const flow = await walk.programmeWith('renewal-offer')
    const on = async (passed: number) => {
      const now = new Date(first.getTime() + passed * day)
      await asSystem(company, ctx => followTriggers({ ...ctx, now }))
      await walk.walk(passed, passed)
      return walk.namesIn(flow)
    }
    expect(await on(0)).toEqual(['due'])
    expect(await on(8)).toEqual(['due'])
    expect(await on(9)).toEqual(['due', 'later'])
    const [task] = await tasksOf(company, due)
    expect(task).toMatchObject({
      title: 'dueに更新とプランの見直しを提案する',
      assigneeId: csm.memberId,
      priority: 'high',
    })
    expect([(await titlesOf(later)).length, (await titlesOf(free)).length]).toEqual([1, 0])
  })

  it('two weeks before each quarter ends: Pro customers with 500 runs a month, four times a year', async () => {
    const busy = await walk.customerOf('busy', 'pro')
    await walk.customerOf('calm', 'pro')
    await sendUse(company, ...times('busy', 'Plugin Run', 500), ...times('calm', 'Plugin Run', 499))
    const flow = await walk.programmeWith('quarter-end-offer')
    const days: string[] = []
    const today = new Date()
    for (let passed = 1; passed <= 366; passed += 1) {
      const now = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + passed, 2))
      const before = (await walk.namesIn(flow)).length
      // Who used it so much goes on doing so.
      await asSystem(company, async ctx => {
        await sql`update usage_daily set day = ${now.toISOString().slice(0, 10)}::date where tenant_id = ${ctx.tenantId}`.execute(
          ctx.tx,
        )
        await followSchedules({ ...ctx, now })
      })
      await walk.walk(passed, passed)
      if ((await walk.namesIn(flow)).length > before) days.push(now.toISOString().slice(5, 10))
    }
    expect(days.sort()).toEqual(['03-15', '06-15', '09-15', '12-15'])
    expect(new Set(await walk.namesIn(flow))).toEqual(new Set(['busy']))
    expect(await titlesOf(busy)).toContain('四半期末の予算に合わせてbusyにEnterpriseを提案する')
  })

  it('after a conference, a webinar or a case study: a mail on the third day, then the owner asks', async () => {
    const ids = new Map<string, string>()
    const events = { fair: 'Conference Visited', webinar: 'Webinar Attended', story: 'Case Study Published' }
    for (const name of [...Object.keys(events), 'other']) ids.set(name, await walk.customerOf(name, 'pro'))
    const flow = await walk.programmeWith('after-event')
    await sendUse(company, ...Object.entries(events).flatMap(([name, event]) => times(name, event, 1)))
    await sendUse(company, ...times('other', 'Plugin Run', 1))
    await walk.settle()
    expect(await walk.namesIn(flow)).toEqual(['fair', 'story', 'webinar'])
    await walk.walk(0, 5)
    const { enteredAt, log } = (await enrolmentsOf(company, flow)).find(({ subjectName }) => subjectName === 'fair')!
    const tokyoDay = (at: string) => Math.floor((Date.parse(at) + 9 * 3_600_000) / day)
    const done = log.filter(({ kind }) => kind === 'email' || kind === 'call')
    expect(done.map(({ step, at }) => [step, tokyoDay(at) - tokyoDay(enteredAt)])).toEqual([
      ['mail', 3],
      ['ask', 3],
    ])
    expect(await titlesOf(ids.get('fair')!)).toEqual(['fairに催しの感想と関心のある機能を伺う'])
  })
})

describe('UPS-1 inside the product', () => {
  it('a Free customer that tries its sixth plugin is shown Pro, once, until it is closed', async () => {
    await walk.customerOf('six', 'free')
    await walk.customerOf('five', 'free')
    const flow = await walk.programmeWith('free-to-pro')
    await sendUse(company, ...times('six', 'Plugin Tried', 6), ...times('five', 'Plugin Tried', 5))
    await walk.settle()
    await walk.walk(0, 0)
    expect([await shownAt('six'), await shownAt('five')]).toEqual([['5つのプラグインを使いこなしています'], []])
    expect(logOf((await enrolmentsOf(company, flow))[0]!).slice(0, 2)).toEqual(['show next', 'mail-0 next'])
  })
})
