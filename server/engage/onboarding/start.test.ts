import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import {
  journeyOf,
  newJourney,
  newTemplate,
  readyMadeJourney,
  watchJourneys,
} from '../../../tests/support/onboarding.ts'
import { createContracts } from '../../customers/contracts/commands/save.ts'
import { removeMember } from '../../platform/identity/contract/company.ts'
import { changeSegmentMembers, createSegment } from '../../signals/segments/contract.ts'
import { onboardingFigures } from './contract/figures.ts'
import { completeJourney, journeyCertificate, listJourneys, startJourneys } from './contract/journeys.ts'
import { deleteOnboardingTemplate, getOnboardingTemplate, updateOnboardingTemplate } from './contract/templates.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
})
beforeEach(async () => {
  company = await newCompany(application)
})
afterAll(() => application.end())

const phase = { key: 'start', nameJa: '開始', nameEn: 'Start', fromDay: 1, toDay: 30 }
const task = (key: string, role: string, more: object = {}) => ({
  key,
  phase: 'start',
  titleJa: key,
  titleEn: key,
  role,
  dueDay: 10,
  ...more,
})
const small = {
  nameJa: '導入',
  nameEn: 'Start',
  definition: { days: 30, phases: [phase], tasks: [task('call', 'owner'), task('sign-in', 'customer')] },
}

describe('ONB-1: starting', () => {
  it('ONB-1: 10,000 customers start in one statement, and starting again starts nobody', {
    timeout: 180_000,
  }, async () => {
    const count = 10_000
    await asSystem(company, ctx =>
      sql`insert into customer (tenant_id, id, name, status, origin, currency, created_at, updated_at)
        select ${ctx.tenantId}, gen_random_uuid(), 'Customer ' || n, 'ACTIVE', 'person', 'JPY', ${ctx.now}, ${ctx.now} from generate_series(1, ${count}::int) n`.execute(
        ctx.tx,
      ),
    )
    const templateId = await newTemplate(company, {
      ...small,
      definition: { ...small.definition, tasks: [task('sign-in', 'customer'), task('invite', 'customer')] },
    })
    const { rows } = await asSystem(company, ctx =>
      sql<{ id: string }>`select id from customer where tenant_id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    const ids = rows.map(({ id }) => id)
    const start = (dryRun: boolean) => company.admin.call(startJourneys, { body: { templateId, ids, dryRun } })
    expect((await start(true)).body).toMatchObject({ customers: count, started: count })
    expect((await start(false)).body).toMatchObject({ customers: count, started: count })
    expect((await start(false)).body).toMatchObject({ customers: count, started: 0 })
    const { rows: counted } = await asSystem(company, ctx =>
      sql`select (select count(*)::int from onboarding_journey where tenant_id = ${ctx.tenantId}) as journeys,
        (select count(*)::int from onboarding_task where tenant_id = ${ctx.tenantId}) as tasks,
        (select count(*)::int from onboarding_phase where tenant_id = ${ctx.tenantId} and entered_on is not null) as entered,
        (select count(*)::int from event where tenant_id = ${ctx.tenantId} and type = 'onboarding.started') as started`.execute(
        ctx.tx,
      ),
    )
    expect(counted).toEqual([{ journeys: count, tasks: 2 * count, entered: count, started: count }])
  })

  it('ONB-1: a rule starts customers that are created after it, once, and no churned ones', async () => {
    await newCustomer(company, { name: '以前から' })
    await newTemplate(company, {
      ...small,
      starts: { on: 'customer', condition: { field: 'plan', op: 'in', value: ['pro'] } },
    })
    await newCustomer(company, { name: '対象', plan: 'pro' })
    await newCustomer(company, { name: '別プラン', plan: 'free' })
    await newCustomer(company, { name: '解約済み', plan: 'pro', status: 'CHURNED' })
    await watchJourneys(company, new Date())
    await watchJourneys(company, new Date())
    const { items } = (await company.admin.call(listJourneys, { query: {} })).body
    expect(items.map(({ customerName }) => customerName)).toEqual(['対象'])
  })

  it('ONB-1: a rule starts who comes into a segment', async () => {
    const segment = (
      await company.admin.call(createSegment, {
        body: { record: 'customer', nameJa: '新規', nameEn: 'New', kind: 'static' },
      })
    ).body.id
    const early = await newCustomer(company, { name: '先に入った' })
    await company.admin.call(changeSegmentMembers, { params: { id: segment }, body: { add: [early], remove: [] } })
    await newTemplate(company, {
      ...small,
      starts: { on: 'segment', segments: { field: 'segments', op: 'in', value: [segment] } },
    })
    const late = await newCustomer(company, { name: '後から入った' })
    await company.admin.call(changeSegmentMembers, { params: { id: segment }, body: { add: [late], remove: [] } })
    await watchJourneys(company, new Date())
    const { items } = (await company.admin.call(listJourneys, { query: {} })).body
    expect(items.map(({ customerName }) => customerName)).toEqual(['後から入った'])
  })

  it('ONB-1: a rule starts customers on the day on which their contract begins, and none of an earlier contract', async () => {
    const [old, now, later, ended] = await Promise.all(
      ['以前の契約', '今日から', '来週から', '解約済み'].map(name =>
        newCustomer(company, { name, status: name === '解約済み' ? 'CHURNED' : 'ACTIVE' }),
      ),
    )
    const contract = (customerId: string, startsOn: string) => ({
      id: randomUUID(),
      values: { customerId, startsOn, status: 'ACTIVE', amount: 10_000, currency: 'JPY', interval: 'MONTH' },
    })
    const sign = (...lines: ReturnType<typeof contract>[]) =>
      asSystem(company, ctx => createContracts(ctx, lines as never, { origin: 'person' }))
    await sign(contract(old!, dayAgo(30)))
    await newTemplate(company, { ...small, starts: { on: 'contract' } })
    await sign(contract(now!, dayAgo(0)), contract(later!, dayAgo(-7)), contract(ended!, dayAgo(0)))
    const started = async (days: number) => {
      await watchJourneys(company, new Date(`${dayAgo(-days)}T12:00:00+09:00`))
      const { items } = (await company.admin.call(listJourneys, { query: {} })).body
      return items.map(({ customerName, startsOn }) => [customerName, startsOn]).sort()
    }
    expect(await started(0)).toEqual([['今日から', dayAgo(0)]])
    expect(await started(6)).toHaveLength(1)
    expect(await started(7)).toEqual([
      ['今日から', dayAgo(0)],
      ['来週から', dayAgo(-7)],
    ])
    // A second contract begins nothing anew.
    await sign(contract(now!, dayAgo(0)))
    expect(await started(8)).toHaveLength(2)
  })

  it('ONB-1: whom the template names has the role, while they are a member; others are chosen', async () => {
    const busy = await newMember(company, 'onboarding', { name: '指名 花子' })
    const free = await newMember(company, 'onboarding', { name: '待機 太郎' })
    const definition = { ...small.definition, tasks: [task('set-up', 'specialist'), task('connect', 'engineer')] }
    const people = { specialist: busy.memberId }
    const id = await newTemplate(company, { ...small, definition, people })
    await newJourney(company, id, await newCustomer(company))
    const journey = await journeyOf(company.admin, await newJourney(company, id, await newCustomer(company)))
    expect(journey.people.find(({ role }) => role === 'specialist')).toMatchObject({ name: '指名 花子' })
    expect(journey.people.find(({ role }) => role === 'engineer')).toMatchObject({ name: '待機 太郎' })
    expect(journey.tasks[0]).toMatchObject({ key: 'set-up', assigneeName: '指名 花子' })
    const other = await newMember(await newCompany(application), 'onboarding')
    const foreign = await company.admin.call(updateOnboardingTemplate, {
      params: { id },
      body: { people: { engineer: other.memberId } },
    })
    expect([foreign.status, foreign.problem.errors?.[0]?.path]).toEqual([422, 'body.people.engineer'])
    // People are no part of what a version says.
    const changed = await company.admin.call(updateOnboardingTemplate, {
      params: { id },
      body: { people: { specialist: free.memberId } },
    })
    expect(changed.body).toMatchObject({ version: 1, people: { specialist: free.memberId } })
    expect((await company.admin.call(removeMember, { params: { id: free.memberId } })).status).toBe(204)
    const next = await journeyOf(company.admin, await newJourney(company, id, await newCustomer(company)))
    expect(next.people.find(({ role }) => role === 'specialist')).toMatchObject({ name: '指名 花子' })
  })

  it('ONB-1: a running journey stays on its version', async () => {
    const id = await newTemplate(company, small)
    const journey = await newJourney(company, id, await newCustomer(company))
    const definition = { ...small.definition, tasks: [task('other', 'owner')] }
    const changed = await company.admin.call(updateOnboardingTemplate, {
      params: { id },
      body: { definition } as never,
    })
    expect(changed.body).toMatchObject({ version: 2, running: 1, tasks: 1 })
    expect(
      (await company.admin.call(updateOnboardingTemplate, { params: { id }, body: { definition } as never })).body
        .version,
    ).toBe(2)
    // Who changed the first version meanwhile overwrites nothing.
    const late = await company.admin.call(updateOnboardingTemplate, {
      params: { id },
      body: { nameJa: '別', version: 1 },
    })
    expect([late.status, (await company.admin.call(getOnboardingTemplate, { params: { id } })).body.nameJa]).toEqual([
      409,
      small.nameJa,
    ])
    expect((await journeyOf(company.admin, journey)).tasks.map(({ key }) => key)).toEqual(['call', 'sign-in'])
    expect((await company.admin.call(deleteOnboardingTemplate, { params: { id } })).status).toBe(409)
    const archived = await company.admin.call(updateOnboardingTemplate, { params: { id }, body: { state: 'archived' } })
    expect(archived.body.state).toBe('archived')
    const again = await company.admin.call(startJourneys, {
      body: { templateId: id, ids: [await newCustomer(company)] },
    })
    expect(again.status).toBe(404)
    const csm = await newMember(company, 'csm')
    expect((await csm.call(updateOnboardingTemplate, { params: { id }, body: { nameJa: '別' } })).status).toBe(403)
    expect((await csm.call(getOnboardingTemplate, { params: { id } })).status).toBe(200)
  })
})

describe('ONB-4, ONB-5, ONB-6: the ready-made journeys', () => {
  it('ONB-4, ONB-5, ONB-6: every one can be made and started; every task has a role and a condition', async () => {
    const all = ['saas-success', 'plugin-marketplace', 'ai-workspace', 'early-success'].flatMap(blueprint =>
      ({
        'saas-success': ['onboarding-90'],
        'plugin-marketplace': ['free-start', 'pro-start', 'enterprise-start'],
        'ai-workspace': ['starter-start', 'standard-start', 'professional-start', 'enterprise-start'],
        'early-success': ['early-success-90'],
      })[blueprint]!.map(key => ({ blueprint, item: readyMadeJourney(blueprint, key) })),
    )
    expect(all).toHaveLength(9)
    for (const { blueprint, item } of all) {
      expect(item.definition.tasks.filter(({ condition }) => condition === null).map(({ key }) => key)).toEqual([])
      const key = `${blueprint}-${item.key}`
      const id = await newTemplate(company, { ...item, key, starts: null })
      const journey = await newJourney(company, id, await newCustomer(company, { name: key }))
      expect(await journeyOf(company.admin, journey)).toMatchObject({ status: 'running', state: 'on_track' })
    }
    const steps = (key: string) =>
      readyMadeJourney('ai-workspace', key).definition.tasks.filter(
        each => !/^(admin|team|month)-/.test(each.key) || each.key === 'team-invite',
      )
    expect(
      ['starter-start', 'standard-start', 'professional-start', 'enterprise-start'].map(key => steps(key).length),
    ).toEqual([6, 7, 8, 8])
    const titles = readyMadeJourney('early-success').definition.tasks.map(({ titleEn }) => titleEn)
    expect(titles.filter(title => title.startsWith('Milestone'))).toHaveLength(7)
  })
})

describe('ONB-7: figures', () => {
  it('ONB-7: time to value, completion by month of start, days per phase, late tasks, training', async () => {
    const value = { field: 'plan', op: 'in', value: ['pro'] }
    const definition = {
      ...small.definition,
      value,
      tasks: [task('call', 'owner'), task('lesson', 'education', { training: true, required: false, dueDay: 1 })],
    }
    const id = await newTemplate(company, { ...small, definition })
    await newJourney(company, id, await newCustomer(company, { plan: 'pro' }), dayAgo(6))
    await newJourney(company, id, await newCustomer(company, { plan: 'free' }), dayAgo(20))
    const done = await newJourney(company, id, await newCustomer(company), dayAgo(3))
    expect(
      (await company.admin.call(completeJourney, { params: { id: done }, body: { reason: '早期に完了' } })).status,
    ).toBe(200)
    await watchJourneys(company, new Date())
    const { body } = await company.admin.call(onboardingFigures, { query: { templateId: id } })
    expect(body).toMatchObject({
      running: 2,
      stuck: 1,
      onTrack: 1,
      lateTasks: 1,
      timeToValue: 6,
      trainingDone: 0,
      completed: 100,
    })
    expect(body.cohorts.reduce((sum, { started }) => sum + started, 0)).toBe(3)
    expect(body.phases).toMatchObject([{ key: 'start', planned: 30, now: 2, passed: 1, days: 0 }])
    const certificate = await company.admin.send({
      method: 'GET',
      url: `/api/v1/onboarding/journeys/${done}/certificate?language=en`,
    })
    expect([certificate.status, certificate.headers['content-type']]).toEqual([200, 'application/pdf'])
    const running = (await company.admin.call(listJourneys, { query: { status: 'running' } })).body.items[0]!.id
    expect((await company.admin.call(journeyCertificate, { params: { id: running }, query: {} })).status).toBe(409)
  })
})
