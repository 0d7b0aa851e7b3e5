import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../../../tests/support/factories.ts'
import { dayAgo, daysAgo, newCustomer, sendUse, usageEvent } from '../../../tests/support/facts.ts'
import {
  journeyOf,
  newJourney,
  newTemplate,
  readyMadeJourney,
  watchJourneys,
} from '../../../tests/support/onboarding.ts'
import { handOver } from '../../customers/accounts/commands/handover.ts'
import { followFacts } from '../../signals/metrics/commands/follow.ts'
import { saveActivities } from '../advocacy/commands.ts'
import { saveReviews } from '../reviews/commands.ts'

let application: TestApplication
let company: TestCompany
let csm: TestMember
let customerId: string
let journey: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  csm = await newMember(company, 'csm')
  customerId = await newCustomer(company, { externalId: 'towa', ownerId: csm.memberId })
  const template = await newTemplate(company, readyMadeJourney('saas-success'))
  journey = await newJourney(company, template, customerId)
})
afterAll(() => application.end())

/** The tasks that were fulfilled since the last look, and nobody ticked anything. */
const seen = new Set<string>()
async function fulfilled(): Promise<string[]> {
  await asSystem(company, followFacts)
  await watchJourneys(company, new Date())
  const done = (await journeyOf(company.admin, journey)).tasks.filter(({ doneOn }) => doneOn !== null)
  expect(done.filter(({ doneHow }) => doneHow !== 'data')).toEqual([])
  const fresh = done.map(({ key }) => key).filter(key => !seen.has(key))
  for (const key of fresh) seen.add(key)
  return fresh
}
const use = (event: string, times = 1, properties?: object) =>
  sendUse(company, ...Array.from({ length: times }, () => usageEvent('u1', 'towa', 0, event, properties)))

it('ONB-1: each task is fulfilled by what the product sends, and by nothing less', async () => {
  const steps: [work: () => Promise<unknown>, tasks: string[]][] = [
    [() => use('Page Viewed'), []],
    [() => use('Kickoff Held'), ['kickoff-meeting']],
    [() => use('Signed In'), ['workspace']],
    [() => use('Member Invited', 4), []],
    [() => use('Member Invited'), ['invites']],
    [() => use('Project Created'), ['setup-wizard']],
    [() => use('Slack Connected'), ['slack']],
    [() => use('Quiz Passed', 1, { course: 'other' }), []],
    [() => use('Quiz Passed', 1, { course: 'basic' }), ['basic-training']],
    [() => use('Agent Run'), ['agent-run']],
    [() => use('Repository Connected'), ['github']],
    [() => use('Workflow Created'), ['workflow']],
    [() => use('Result Review Held'), ['first-review']],
    [() => use('Quiz Passed', 1, { course: 'advanced' }), ['advanced-training']],
    [() => use('Best Practice Shared'), ['best-practice']],
    [() => use('KPI Defined', 2), []],
    [() => use('KPI Defined'), ['kpis']],
    [() => use('ROI Report Created'), ['roi-report']],
    [() => use('Executive Review Held'), ['executive-review']],
    [() => use('Onboarding Certified'), ['certification']],
  ]
  for (const [work, tasks] of steps) {
    await work()
    expect(await fulfilled()).toEqual(tasks)
  }
})

it('ONB-1: figures, records and hand-overs fulfil the others; the journey may then be completed', async () => {
  const people = (from: number, to: number) =>
    sendUse(
      company,
      ...Array.from({ length: to - from + 1 }, (_, place) => usageEvent(`p${from + place}`, 'towa', 0, 'Signed In')),
    )
  await people(1, 8)
  expect(await fulfilled()).toEqual([])
  await people(9, 10)
  expect(await fulfilled()).toEqual(['more-users'])
  const review = { customerId, type: 'MONTHLY', scheduledAt: daysAgo(1), heldAt: daysAgo(1) }
  await asSystem(company, ctx => saveReviews(ctx, [{ id: randomUUID(), values: review }] as never))
  expect(await fulfilled()).toEqual(['monthly-review'])
  const study = { customerId, type: 'CASE_STUDY', status: 'COMPLETED', completedOn: dayAgo(0), title: '事例' }
  await asSystem(company, ctx => saveActivities(ctx, [{ id: randomUUID(), values: study }] as never))
  expect(await fulfilled()).toEqual(['case-study'])
  expect((await journeyOf(company.admin, journey)).mayComplete).toBe(false)
  const next = await newMember(company, 'csm')
  await asSystem(company, ctx => handOver(ctx, { ids: [customerId], toId: next.memberId, dryRun: false }))
  expect(await fulfilled()).toEqual(['handover'])
  const done = await journeyOf(company.admin, journey)
  expect(done).toMatchObject({ progress: 100, mayComplete: true, tasksLate: 0, valueOn: dayAgo(0) })
  // What the last phase wants of completion is a figure of the catalogue, which follows by itself.
  await asSystem(company, followFacts)
  const measures = (await journeyOf(company.admin, journey)).phaseList.flatMap(phase => phase.measures)
  expect(measures.filter(({ key, met }) => /done|completion/.test(key) && met).map(({ key }) => key)).toEqual([
    'kickoff-done',
    'foundation-done',
    'completion',
  ])
})
