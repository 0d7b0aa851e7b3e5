import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { newCustomer } from '../../../tests/support/facts.ts'
import { enrolmentsOf, runAt, startedFlow } from '../../../tests/support/flows.ts'
import { finishJobs } from '../../../tests/support/mails.ts'
import { journeyOf, newJourney, newTemplate } from '../../../tests/support/onboarding.ts'
import { merge, undoMerge } from '../../customers/duplicates/contract.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

it('ONB-1, FLW-2: journeys, enrolments and certificates follow a merge; what the kept one has itself is ended; undoing gives back', async () => {
  const phase = { key: 'start', nameJa: '開始', nameEn: 'Start', fromDay: 1, toDay: 30 }
  const task = { key: 'call', phase: 'start', titleJa: '電話', titleEn: 'Call', role: 'owner', dueDay: 5 }
  const definition = { days: 30, phases: [phase], tasks: [task] }
  const template = (key: string) => newTemplate(company, { key, nameJa: key, nameEn: key, definition })
  const [kept, gone] = [await newCustomer(company), await newCustomer(company)]
  const [both, one] = [await template('both'), await template('one')]
  const own = await newJourney(company, both, kept)
  const doubled = await newJourney(company, both, gone)
  const moving = await newJourney(company, one, gone)
  const wait = { key: 'wait', kind: 'wait', amount: 5, unit: 'days', next: 'end' } as never
  const end = { key: 'end', kind: 'end' } as never
  const flowOfBoth = await startedFlow(company, [wait, end], [kept, gone])
  const flowOfOne = await startedFlow(company, [wait, end], [gone])
  await runAt(company)
  await asSystem(company, ctx =>
    sql`insert into certificate (tenant_id, id, customer_id, title_ja, title_en, issued_on, key, created_at)
      values (${ctx.tenantId}, gen_random_uuid(), ${gone}, '修了', 'Done', ${ctx.now}, 'k', ${ctx.now})`.execute(
      ctx.tx,
    ),
  )
  const whose = async () => {
    const { rows } = await asSystem(company, ctx =>
      sql<{ journey: string; certificate: string; enrolments: string[] }>`
        select (select j.customer_id from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.id = ${moving}) as journey,
          (select k.customer_id from certificate k where k.tenant_id = ${ctx.tenantId}) as certificate,
          array(select e.subject_id::text from flow_enrolment e where e.tenant_id = ${ctx.tenantId} and e.flow_id = ${flowOfOne}) as enrolments`.execute(
        ctx.tx,
      ),
    )
    return rows[0]
  }
  const done = await company.admin.call(merge, { body: { record: 'customer', keptId: kept, mergedId: gone } })
  expect(done.status).toBe(201)
  await finishJobs(application)
  expect(await whose()).toEqual({ journey: kept, certificate: kept, enrolments: [kept] })
  expect((await journeyOf(company.admin, own)).status).toBe('running')
  const { rows } = await asSystem(company, ctx =>
    sql`select j.status, j.reason from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.id = ${doubled}`.execute(
      ctx.tx,
    ),
  )
  expect(rows).toEqual([{ status: 'cancelled', reason: '統合先の顧客に同じオンボーディングがあるため' }])
  expect((await enrolmentsOf(company, flowOfBoth)).map(({ state }) => state).sort()).toEqual(['active', 'ended'])
  expect((await enrolmentsOf(company, flowOfOne)).map(({ state }) => state)).toEqual(['active'])
  expect((await company.admin.call(undoMerge, { params: { id: done.body.id } })).status).toBe(204)
  expect(await whose()).toEqual({ journey: gone, certificate: gone, enrolments: [gone] })
})
