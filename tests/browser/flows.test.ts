import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { finishJobs } from '../support/mails.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'
import { titlesOf } from '../support/tasks.ts'

const customers = ['01900000-0000-7000-8000-0000000000b1', '01900000-0000-7000-8000-0000000000b2']

let site: Site
let company: TestCompany
let csm: TestMember
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  await asSystem(company, ctx =>
    createCustomers(
      ctx,
      [
        { id: customers[0]!, values: { name: 'Aster', status: 'AT_RISK', ownerId: csm.memberId } },
        { id: customers[1]!, values: { name: 'Borage', status: 'ACTIVE', ownerId: csm.memberId } },
      ],
      { origin: 'person' },
    ),
  )
})
afterAll(() => site.end())

it('FLW-5: a flow of three steps with a branch is built, tried on a customer, published and watched', async () => {
  const visitor = await site.visitAs(company.admin, { locale: 'en' })
  const { page } = visitor
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  await page.goto('/flows')
  await page.getByRole('heading', { name: 'There are no flows yet' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name (Japanese)').fill('最初のフロー')
  await dialog.getByLabel('Name (English)').fill('First flow')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Create flow' }).click()

  // By the keyboard alone: a branch, then a task on each way.
  // The graph measures its nodes first; until then nothing in it takes the focus.
  const branch = page.getByRole('menuitem', { name: 'Branch', exact: true })
  const opened = async () => {
    if (await branch.isVisible()) return true
    await page.getByRole('button', { name: 'Add a step here' }).focus()
    await page.keyboard.press('Enter')
    return branch.isVisible()
  }
  await expect.poll(opened, { timeout: 20_000, interval: 500 }).toBe(true)
  await branch.click()
  const panel = page.getByRole('complementary', { name: 'Settings' })
  await panel.getByLabel('Name of case 1').fill('In trouble')
  await panel.getByRole('button', { name: 'Field', exact: true }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('Status')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'At risk' }).check()
  const stubs = page.getByRole('button', { name: 'Add a step here' })
  await stubs.first().click()
  await page.getByRole('menuitem', { name: 'Task', exact: true }).click()
  await panel.getByLabel('Title').fill('Rescue them')
  await stubs.first().click()
  await page.getByRole('menuitem', { name: 'Call', exact: true }).click()
  await panel.getByLabel('Title').fill('Offer more')
  await page.getByText('Draft saved').waitFor()
  await page.getByText('Ready to publish').waitFor()
  await expectAccessibleInBothThemes(visitor)

  // Back and forth.
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => page.locator('.fl-node').count()).toBe(4)
  await page.getByText('1 thing to mend').waitFor()
  await page.getByRole('button', { name: 'Redo' }).click()
  await page.getByText('Ready to publish').waitFor()

  await page.getByRole('radio', { name: 'YAML' }).click()
  await expect.poll(() => page.getByLabel('The flow as YAML').inputValue()).toContain('title: Offer more')
  await expectAccessibleInBothThemes(visitor)
  await page.getByLabel('The flow as YAML').fill('subject: nobody')
  await page.getByText(/Line 1, column 10/).waitFor()
  await page.getByRole('button', { name: 'Drop changes' }).click()
  await page.getByRole('radio', { name: 'Graph' }).click()

  await page.getByRole('button', { name: 'Try it out' }).click()
  await page.getByLabel('Customer to try it with').click()
  await page.getByRole('button', { name: 'Borage' }).click()
  await page.getByRole('dialog').getByText('Offer more').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Escape')
  expect(await titlesOf(csm, { view: 'all' })).toEqual([])

  await page.getByRole('button', { name: 'Publish…' }).click()
  await page.getByText('Could come in').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('Version 1 was published').waitFor()

  await page.getByRole('tab', { name: 'Runs' }).click()
  for (const name of ['Aster', 'Borage']) {
    await page.getByRole('button', { name: 'Start by hand…' }).first().click()
    await page.getByRole('dialog').getByLabel('Customer').click()
    await page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText(`The flow started for ${name}`).waitFor()
  }
  await finishJobs(site.application)
  await expect.poll(() => titlesOf(csm, { view: 'all' })).toHaveLength(2)
  expect((await titlesOf(csm, { view: 'all' })).toSorted()).toEqual(['Offer more', 'Rescue them'])
  await page.reload()
  await page.getByRole('button', { name: 'Borage', exact: true }).click()
  await page.getByRole('dialog').getByText('Offer more').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Escape')
  for (const tab of ['Result', 'Versions']) {
    await page.getByRole('tab', { name: tab }).click()
    await expectAccessibleInBothThemes(visitor)
  }
  await page.getByRole('tab', { name: 'Design' }).click()
  await page.locator('.fl-node b').first().waitFor()
  await visitor.close()
})
