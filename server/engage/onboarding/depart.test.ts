import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newMember, type TestCompany } from '../../../tests/support/factories.ts'
import { dayAgo, newCustomer } from '../../../tests/support/facts.ts'
import { inDays } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { journeyOf, newJourney, newTemplate, watchJourneys } from '../../../tests/support/onboarding.ts'
import { updateCustomers } from '../../customers/accounts/commands/save.ts'
import { removeMember } from '../../platform/identity/contract/company.ts'
import { createTasks } from '../tasks/commands/create.ts'
import { changeJourneyPeople } from './contract/journeys.ts'

let application: TestApplication
let company: TestCompany
let template: string

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
  template = await newTemplate(company, {
    key: 'intro',
    nameJa: '導入',
    nameEn: 'Intro',
    definition: {
      days: 30,
      phases: [{ key: 'start', nameJa: '開始', nameEn: 'Start', fromDay: 1, toDay: 30 }],
      tasks: [{ key: 'lesson', phase: 'start', titleJa: '研修', titleEn: 'Lesson', role: 'education', dueDay: 5 }],
      warnings: [{ key: 'silent', nameJa: '未実施', nameEn: 'Not done', day: 7, tasks: ['lesson'], role: 'education' }],
    },
  })
})
afterAll(() => application.end())

const tasksOf = async (customerId: string) =>
  (
    await asSystem(company, ctx =>
      sql<{ assignee: string | null; status: string }>`
        select t.assignee_id as assignee, t.status from task t
        where t.tenant_id = ${ctx.tenantId} and t.customer_id = ${customerId} order by t.id`.execute(ctx.tx),
    )
  ).rows

it('TSK-1: work for somebody who has left goes to the owner of the customer, else to nobody', async () => {
  const [left, owner, portal] = [
    await newMember(company, 'csm'),
    await newMember(company, 'csm'),
    await newMember(company, 'portal_user'),
  ]
  await company.admin.call(removeMember, { params: { id: left.memberId } })
  const [owned, alone] = [await newCustomer(company, { ownerId: owner.memberId }), await newCustomer(company)]
  await asSystem(company, async ctx => {
    const common = { title: '確認', source: 'flow', priority: 'medium', dueOn: null } as const
    await createTasks(ctx, [
      { ...common, customerId: owned, assign: { kind: 'member', id: left.memberId } },
      { ...common, customerId: owned, assign: { kind: 'member', id: portal.memberId } },
      { ...common, customerId: alone, assign: { kind: 'member', id: left.memberId } },
    ] as never)
  })
  expect((await tasksOf(owned)).map(({ assignee }) => assignee)).toEqual([owner.memberId, owner.memberId])
  expect((await tasksOf(alone)).map(({ assignee }) => assignee)).toEqual([null])
})

it('ONB-1: whoever leaves the company leaves the open journeys, and the owner stands in', async () => {
  const [trainer, owner] = [await newMember(company, 'csm'), await newMember(company, 'csm')]
  const customer = await newCustomer(company, { ownerId: owner.memberId })
  const journey = await newJourney(company, template, customer, dayAgo(1))
  const body = { role: 'education' as const, memberId: trainer.memberId }
  expect((await company.admin.call(changeJourneyPeople, { params: { id: journey }, body })).status).toBe(200)
  await company.admin.call(removeMember, { params: { id: trainer.memberId } })
  await finishJobs(application)
  const people = await asSystem(company, ctx =>
    sql<{
      people: object
    }>`select people from onboarding_journey where tenant_id = ${ctx.tenantId} and id = ${journey}`.execute(ctx.tx),
  )
  expect(people.rows).toEqual([{ people: {} }])
  await watchJourneys(company, inDays(8))
  expect((await tasksOf(customer)).at(-1)!.assignee).toBe(owner.memberId)
})

it('ONB-1: a customer that churns has its onboarding cancelled with the reason, and no task comes any more', async () => {
  const customer = await newCustomer(company)
  const journey = await newJourney(company, template, customer, dayAgo(1))
  expect((await tasksOf(customer)).map(({ status }) => status)).toEqual(['open'])
  await asSystem(company, ctx =>
    updateCustomers(ctx, [{ id: customer, values: { status: 'CHURNED' } }], { origin: 'person' }),
  )
  await finishJobs(application)
  expect(await journeyOf(company.admin, journey)).toMatchObject({ status: 'cancelled', reason: '顧客が解約したため' })
  await watchJourneys(company, inDays(20))
  const { rows } = await asSystem(company, ctx =>
    sql<{ warnings: number }>`
      select count(*)::int as warnings from onboarding_warning where tenant_id = ${ctx.tenantId} and journey_id = ${journey}`.execute(
      ctx.tx,
    ),
  )
  expect(rows[0]!.warnings).toBe(0)
  expect((await tasksOf(customer)).filter(({ status }) => status === 'open').length).toBeLessThanOrEqual(1)
})
