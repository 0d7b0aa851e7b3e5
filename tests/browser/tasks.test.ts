import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { dayAgo } from '../support/facts.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'
import { newTask, titlesOf } from '../support/tasks.ts'

const customer = '01900000-0000-7000-8000-0000000000aa'

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

async function visit(caller: TestMember, width = 1440) {
  const visitor = await site.visitAs(caller, { locale: 'en', width })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}

it('TSK-1: a task is made, worked on, moved over the board, done and taken back', async () => {
  const visitor = await visit(csm)
  const { page } = visitor
  await page.goto('/tasks')
  await page.getByRole('heading', { name: 'Nothing on your list' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('Prepare the review')
  await dialog.getByLabel(/^Due/).fill(dayAgo(0))
  await dialog.getByLabel('Priority').selectOption('high')
  await dialog.getByLabel('Repeats').selectOption('week')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Create task' }).click()
  await page.getByRole('heading', { name: 'Today', exact: true }).waitFor()
  await page
    .getByRole('link', { name: /Tasks 1/ })
    .first()
    .waitFor()

  await page.getByRole('button', { name: 'Prepare the review', exact: true }).click()
  await page.getByLabel('New item').fill('Book a room')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'Book a room' }).check()
  await page.getByText('1 / 1').waitFor()
  await page.getByLabel('Comment', { exact: true }).fill('They want it on Friday')
  await page.getByRole('button', { name: 'Add comment' }).click()
  await page
    .getByText('They want it on Friday')
    .nth(1)
    .or(page.locator('.t-steps').getByText('They want it'))
    .first()
    .waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Escape')

  await page.getByRole('radio', { name: 'Board' }).click()
  const column = (name: string) => page.getByRole('region', { name, exact: true })
  await column('To do').getByRole('button', { name: 'Prepare the review', exact: true }).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await column('In progress').getByRole('button', { name: 'Prepare the review', exact: true }).waitFor()
  await page.locator('.tp-card').dragTo(column('To do'))
  await column('To do').getByRole('button', { name: 'Prepare the review', exact: true }).waitFor()
  // The other column is asked for anew a moment later.
  await column('To do').getByRole('button', { name: 'Move “Prepare the review”' }).click()
  await page.getByRole('menuitem', { name: 'Move to Waiting' }).click()
  await page.getByLabel('Reason').fill('Their answer')
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Set to waiting' }).click()
  await column('Waiting').getByText('Their answer').waitFor()
  await expectAccessibleInBothThemes(visitor)

  await page.getByRole('radio', { name: 'My day' }).click()
  await page.getByRole('button', { name: 'Prepare the review', exact: true }).focus()
  await page.keyboard.press('e')
  await page.getByText('the next one is made').waitFor()
  await expect.poll(() => titlesOf(csm, { view: 'all' })).toHaveLength(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => titlesOf(csm, { status: 'open' })).toHaveLength(2)
  await visitor.close()
})

it('TSK-1: the list narrows, changes cells and many tasks, and takes it back; a customer’s tasks stand on its page', async () => {
  for (const title of ['Call them', 'Send the offer']) {
    await newTask(csm, { title, customerId: customer, dueOn: dayAgo(2), priority: 'urgent' })
  }
  const visitor = await visit(csm)
  const { page } = visitor
  await page.goto('/tasks?view=list&priority=urgent')
  await page.getByRole('button', { name: 'Call them', exact: true }).waitFor()
  expect(await page.locator('tbody tr').count()).toBe(2)
  await expectAccessibleInBothThemes(visitor)
  await page.getByTitle('Change when “Call them” is due').click()
  await page.getByRole('dialog').getByLabel('Due').fill(dayAgo(-3))
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Call them” has a new due day').waitFor()
  await page.getByTitle('Change the assignee of “Call them”').click()
  await page.getByRole('combobox', { name: 'Assignee' }).fill('佐藤')
  await page.getByRole('option', { name: /佐藤/ }).click()
  await page.getByText('“Call them” is given to 佐藤 美咲').waitFor()
  await page.getByRole('radio', { name: /^All/ }).click()
  await page.getByRole('checkbox', { name: 'Choose all shown tasks' }).check()
  await page.getByText('2 chosen').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page
    .getByRole('group', { name: /rows|chosen|Actions/i })
    .getByRole('button', { name: 'Complete' })
    .click()
  await page.getByRole('heading', { name: 'No task matches' }).waitFor()
  await page.getByText('2 tasks changed').locator('..').getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Call them', exact: true }).waitFor()

  await page.goto(`/customers/${customer}?tab=tasks`)
  await page.getByRole('button', { name: 'Send the offer', exact: true }).waitFor()
  await page.getByRole('checkbox', { name: 'Complete “Send the offer”' }).click()
  await page.getByRole('heading', { name: 'Closed tasks' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.goto(`/customers/${customer}?tab=timeline`)
  await page.getByText('Task done').first().waitFor()

  await page.goto('/tasks')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Show in a calendar' }).click()
  await page.getByLabel('Name').fill('Google')
  await page.getByRole('button', { name: 'Create address' }).click()
  const address = await page.locator('.k-copy code').textContent()
  expect(address).toContain('/api/v1/tasks/calendar.ics?token=kzc_')
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Revoke “Google”' }).click()
  await page.getByText('The address no longer works').waitFor()
  await visitor.close()
})

it.each(['/tasks', '/tasks?view=list&mine=all', '/tasks?view=board&mine=all'])(
  'TSK-1: %s fits a phone',
  async address => {
    const visitor = await visit(csm, 390)
    await visitor.page.goto(address)
    await visitor.page.locator('.t-open').first().waitFor()
    expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await expectAccessibleInBothThemes(visitor)
    await visitor.close()
  },
)
