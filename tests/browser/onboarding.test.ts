import { afterAll, beforeAll, expect, it } from 'vitest'
import { createJourneyLink } from '../../server/engage/onboarding/contract/customer-page.ts'
import { newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { newCustomer } from '../support/facts.ts'
import { journeyOf, newJourney, newTemplate, readyMadeJourney } from '../support/onboarding.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let csm: TestMember
let journey: string
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  const customer = await newCustomer(company, { name: 'Aster', ownerId: csm.memberId })
  journey = await newJourney(company, await newTemplate(company, readyMadeJourney('saas-success')), customer)
})
afterAll(() => site.end())

it('ONB-1: the board leads to the journey, where a task is ticked; figures and templates are shown', async () => {
  const visitor = await site.visitAs(csm, { locale: 'en', width: 1440 })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  const { page } = visitor
  await page.goto('/onboarding')
  await page.getByRole('link', { name: 'Aster' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('link', { name: 'Aster' }).click()
  await page.getByRole('checkbox', { name: 'Hold the kick-off meeting' }).click()
  await page.getByText(/^Done .* by 田中 誠$/).waitFor()
  await expectAccessibleInBothThemes(visitor)
  expect((await journeyOf(csm, journey)).tasksDone).toBe(1)
  await page.goto('/onboarding?view=figures')
  await page.getByRole('heading', { name: 'By phase' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.goto('/onboarding?view=templates')
  await page.getByRole('link', { name: '90-day onboarding' }).click()
  await page.getByText('No login within 7 days').waitFor()
  await expectAccessibleInBothThemes(visitor)
})

it('ONB-1: the customer ticks its own task on the shared page, without a sign-in', async () => {
  const { body } = await company.admin.call(createJourneyLink, { params: { id: journey }, body: {} })
  const { pathname, hash } = new URL(body.address)
  const visitor = await site.visit({ locale: 'en', width: 390 })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  const { page } = visitor
  await page.goto(`${pathname}${hash}`)
  await page.getByRole('checkbox', { name: 'Create the workspace and sign in' }).click()
  await page.getByText('Done', { exact: true }).first().waitFor()
  await expectAccessibleInBothThemes(visitor)
  expect((await journeyOf(csm, journey)).tasks.find(({ key }) => key === 'workspace')).toMatchObject({
    doneHow: 'customer',
  })
  await page.goto('/customer-onboarding#kzo_wrong')
  await page.getByRole('heading', { name: 'This link cannot be used' }).waitFor()
})
