import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createPlan } from '../../server/engage/plans/contract.ts'
import { createTask, listTasks } from '../../server/engage/tasks/contract/tasks.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { newCustomers, runAt, startedFlow } from '../support/flows.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

const customer = '01900000-0000-7000-8000-0000000000ab'

let site: Site
let company: TestCompany
let csm: TestMember
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  await asSystem(company, ctx =>
    createCustomers(ctx, [{ id: customer, values: { name: 'Aster', ownerId: csm.memberId } }], { origin: 'person' }),
  )
})
afterAll(() => site.end())

async function visit(caller: TestMember, width = 1440, touch = false) {
  const visitor = await site.visitAs(caller, { locale: 'en', width, ...(touch && { touch }) })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}
