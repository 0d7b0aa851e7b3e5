import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFlow } from '../../server/engage/flows/contract/flows.ts'
import { listTemplates } from '../../server/engage/messages/contract/templates.ts'
import { newCompany, type TestCompany } from '../support/factories.ts'
import { newCustomer } from '../support/facts.ts'
import { flowDocumentOf } from '../support/flows.ts'
import { finishJobs, mailsTo } from '../support/mails.ts'
import { blocks, writeContacts, writeTemplate } from '../support/messages.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  await writeContacts(company, 5, place => ({
    name: `Contact ${place}`,
    ...(place === 0 && { emailConsent: 'UNKNOWN' }),
  }))
})
afterAll(() => site.end())

async function visit(width = 1440, locale: 'ja' | 'en' = 'en') {
  const visitor = await site.visitAs(company.admin, { locale, width })
  // The frame of a preview has no storage: nothing of the page is in it.
  await visitor.context.addInitScript(`if (window === top) localStorage.setItem('kizuna.locale', '${locale}')`)
  return visitor
}

it('EML-1, EML-3: a topic, a template with a preview and a campaign are made, and it is sent', async () => {
  const visitor = await visit()
  const { page } = visitor
  await page.goto('/settings/messages')
  await page.getByRole('button', { name: 'New topic' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name (Japanese)').fill('News')
  await dialog.getByLabel('Key').fill('news')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('cell', { name: 'News' }).first().waitFor()
  await expectAccessibleInBothThemes(visitor)

  await page.goto('/messages/templates/new')
  await page.getByLabel('Name').fill('Welcome')
  await page.getByLabel('Topic').selectOption({ label: 'News' })
  await page.getByLabel('Subject').fill('Hello {{ contact.name }}')
  await page.getByRole('group', { name: 'Add a block' }).getByRole('button', { name: 'Heading' }).press('Enter')
  await page.getByRole('group', { name: 'Heading 1' }).getByRole('textbox').fill('Good news for {{ contact.name }}')
  await page.getByRole('group', { name: 'Add a block' }).getByRole('button', { name: 'Text' }).press('Enter')
  await page.getByRole('group', { name: 'Text 2' }).getByRole('textbox').fill('It is <b>here</b>.')
  await page.getByRole('button', { name: 'Up: Text 2' }).press('Enter')
  await page.getByText('Hello Contact', { exact: false }).first().waitFor()
  const frame = page.frameLocator('iframe[title=Preview]')
  await frame.getByRole('heading', { name: /^Good news for Contact/ }).waitFor()
  await frame.getByText('It is <b>here</b>.').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Make', exact: true }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText(`A test is on its way to ${company.admin.email}`).first().waitFor()

  await page.goto('/messages/campaigns/new')
  await page.getByLabel('Name').fill('July')
  await page.getByLabel('Template').selectOption({ label: 'Welcome' })
  await page.getByLabel('Topic').selectOption({ label: 'News (Marketing)' })
  await page.getByLabel('A condition').check()
  await page.getByText('No consent').waitFor()
  await page.getByRole('checkbox', { name: 'Goal' }).check()
  const goal = page.getByRole('region', { name: 'Goal' })
  await goal.getByLabel('Within days of sending').fill('7')
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Make', exact: true }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  const test = page.getByRole('dialog')
  await test.getByText('Hello Contact', { exact: false }).first().waitFor()
  await expectAccessibleInBothThemes(visitor)
  await test.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText(`A test is on its way to ${company.admin.email}`).last().waitFor()
  await test.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Send now' }).click()
  await page
    .getByRole('alertdialog', { name: 'Send to 4 contacts now?' })
    .getByRole('button', { name: 'Send now' })
    .click()
  await finishJobs(site.application)
  await page.getByText('Finished').first().waitFor()
  // Whoever met the goal before it was sent is no conversion.
  await page.getByText('Converted: met the goal within 7 days of the message.').waitFor()
  await page.getByRole('cell', { name: 'No consent' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await visitor.close()
}, 120_000)

it('EML-1, FLW-5: a shared block stands in a template, which a step of a flow shows and tests for a customer', async () => {
  const customerId = await newCustomer(company, { name: 'Minato' })
  await writeContacts(company, 1, () => ({ customerId, name: 'Zoe Champion', stakeholderRole: 'CHAMPION' }))
  const visitor = await visit()
  const { page } = visitor
  await page.goto('/messages?tab=blocks')
  await page.getByRole('button', { name: 'New shared block' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Signature')
  await dialog.getByRole('group', { name: 'Add a block' }).getByRole('button', { name: 'Text' }).click()
  await dialog.getByRole('group', { name: 'Text 1' }).getByRole('textbox').fill('Yours, {{ owner.name }}')
  await dialog.locator('iframe').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Make', exact: true }).click()
  await page.getByRole('button', { name: 'Signature' }).waitFor()

  await page.goto('/messages/templates/new')
  await page.getByLabel('Name').fill('With signature')
  await page.getByLabel('Subject').fill('Hello {{ contact.name }}')
  await page.getByRole('group', { name: 'Add a block' }).getByRole('button', { name: 'Shared block' }).click()
  await page.getByRole('group', { name: 'Shared block 1' }).getByRole('combobox').selectOption({ label: 'Signature' })
  await page.getByLabel('Shown for').click()
  await page.getByRole('textbox', { name: 'Search people' }).fill('Zoe')
  await page.getByRole('button', { name: 'Zoe Champion' }).click()
  await page.getByText('Hello Zoe Champion').waitFor()
  await page.frameLocator('iframe').getByText('Yours,').waitFor()
  await page.getByRole('button', { name: 'Make', exact: true }).click()
  await page.waitForURL(/templates\/[0-9a-f-]{36}/)

  await page.goto('/messages?tab=blocks')
  await page.getByRole('button', { name: 'Signature' }).click()
  await dialog.getByRole('link', { name: 'With signature' }).waitFor()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('One template uses it. Take it out of the template first.').waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()

  const { items } = (await company.admin.call(listTemplates, { query: {} })).body
  const key = items.find(({ name }) => name === 'With signature')!.key
  const made = await company.admin.call(createFlow, {
    body: {
      nameJa: 'メール',
      nameEn: 'Mail',
      document: flowDocumentOf({ steps: [{ key: 'mail', kind: 'email', template: key, next: null }] }),
    },
  })
  await page.goto(`/flows/${made.body.id}`)
  await page.locator('.fl-node', { hasText: /mail/i }).first().click()
  await page.getByRole('button', { name: 'Preview and test' }).click()
  await dialog.getByLabel('Shown for').click()
  await page.getByRole('textbox', { name: 'Search customers' }).fill('Minato')
  await page.getByRole('button', { name: 'Minato', exact: true }).click()
  await dialog.getByText('Hello Zoe Champion').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText(`A test is on its way to ${company.admin.email}`).first().waitFor()
  await finishJobs(site.application)
  expect((await mailsTo(site.application, company.admin.email)).map(({ subject }) => subject)).toContain(
    '[Test] Hello Zoe Champion',
  )
  await visitor.close()
}, 120_000)

it.each(['ja', 'en'] as const)(
  'has no fault that axe finds, and fits a phone (%s)',
  async locale => {
    const { template } = await writeTemplate(company, {
      body: { en: { subject: 'Hi', preheader: '', blocks, text: null } },
    })
    const visitor = await visit(390, locale)
    const { page } = visitor
    for (const address of [
      '/messages',
      '/messages?tab=templates',
      '/messages?tab=blocks',
      '/messages/campaigns/new',
      '/messages/in-app',
      '/messages/in-app/new',
      `/messages/templates/${template}`,
      '/settings/messages',
    ]) {
      await page.goto(address)
      await page.locator('main table, main form').first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      await expectAccessibleInBothThemes(visitor)
    }
    await visitor.close()
  },
  120_000,
)
