import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createAlertRule } from '../../server/engage/alerts/contract/rules.ts'
import { asSystem, newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { finishJobs } from '../support/mails.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let csm: TestMember
let receiver: Receiver
beforeAll(async () => {
  site = await startSite()
  site.application.installation.privateTargets = ['127.0.0.1']
  receiver = await startReceiver()
  company = await newCompany(site.application)
  csm = await newMember(company, 'csm', { name: '田中 誠' })
  await asSystem(company, ctx =>
    createCustomers(
      ctx,
      ['Aster', 'Birch', 'Cedar'].map((name, at) => ({
        id: `0190000${at}-0000-7000-8000-000000000001`,
        values: { name, status: 'AT_RISK', ownerId: csm.memberId },
      })),
      { origin: 'person' },
    ),
  )
})
afterAll(async () => {
  await receiver.end()
  await site.end()
})

async function visit(caller: TestMember, width = 1440) {
  const visitor = await site.visitAs(caller, { locale: 'en', width })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}

it('ALR-4 a rule is made on screen with its preview, sent to a channel, and its test arrives', async () => {
  const visitor = await visit(company.admin)
  const { page } = visitor
  await page.goto('/settings/channels')
  await page.getByRole('heading', { name: 'No channel yet' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.locator('.k-empty').getByRole('button', { name: 'Add channel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Team')
  await dialog.getByLabel('Key').fill('csm-alerts')
  await dialog.getByLabel('Kind').selectOption('teams')
  await dialog.getByLabel('Address').fill('https://169.254.169.254/latest')
  await dialog.getByRole('button', { name: 'Add channel' }).click()
  await dialog.getByText('Nothing can be sent to this address.').first().waitFor()
  await dialog.getByLabel('Address').fill(`${receiver.url}/workflow`)
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Add channel' }).click()
  await page.getByRole('button', { name: 'Actions for Team' }).click()
  await page.getByRole('menuitem', { name: 'Send a test' }).click()
  await expect.poll(() => finishJobs(site.application).then(() => receiver.received.length)).toBe(1)

  await page.goto('/settings/alert-rules')
  await page.getByRole('link', { name: 'New rule' }).first().click()
  await page.getByLabel('Trigger').selectOption('condition')
  await page.getByRole('button', { name: 'Field', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('combobox').fill('Status')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'At risk' }).check()
  await page.keyboard.press('Escape')
  await page.getByText('3 customers').waitFor()
  await page.getByLabel('Name (Japanese)').fill('要注意の顧客')
  await page.getByLabel('Name (English)').fill('Customers at risk')
  await page.getByRole('checkbox', { name: 'Team' }).check()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Create rule' }).click()
  await page.getByRole('link', { name: 'Customers at risk' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await finishJobs(site.application)
  expect(receiver.received.map(({ body }) => body).filter(body => body.includes('要注意の顧客'))).toHaveLength(3)
  await page.goto('/settings/deliveries')
  await page.getByRole('cell', { name: 'Channel', exact: true }).first().waitFor()
  await expectAccessibleInBothThemes(visitor)
  await visitor.close()
})

it('ALR-4 the inbox goes by keyboard alone: j and k, a, s, r, x, Enter; the bell leads to the alert', async () => {
  expect((await company.admin.call(createAlertRule, { body: rule })).status).toBe(201)
  const visitor = await visit(csm)
  const { page } = visitor
  await page.goto('/')
  await page.getByRole('button', { name: /Notices, \d+ unread/ }).click()
  await page.getByRole('dialog').getByRole('link', { name: /Cedar/ }).first().waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  const rows = page.locator('.a-table tbody tr')
  await rows.first().waitFor()
  const before = await rows.count()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const name = (await page.locator('tr[data-active] strong').textContent()) ?? ''
  await page.keyboard.press('a')
  await page.getByText('1 alert acknowledged').waitFor()
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('heading', { name: 'History' }).waitFor()
  await drawer.getByRole('link', { name }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await drawer.getByRole('textbox', { name: 'Note' }).fill('Called, no answer')
  await drawer.getByRole('button', { name: 'Add note' }).click()
  await drawer.getByText('Called, no answer').waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await page.keyboard.press('s')
  await drawer.getByLabel('Reason').fill('Year end of theirs')
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Enter')
  await drawer.waitFor({ state: 'detached' })
  await expect.poll(() => rows.count()).toBe(before - 1)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByText('2 alerts selected').waitFor()
  await page.keyboard.press('r')
  await drawer.getByLabel('What was done').fill('Plan agreed')
  await drawer.getByRole('button', { name: 'Resolve' }).click()
  await drawer.waitFor({ state: 'detached' })
  await expect.poll(() => rows.count()).toBe(before - 3)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => rows.count()).toBe(before - 1)
  await visitor.close()
})

it('ALR-4 preferences are kept; pages fit a phone', async () => {
  const visitor = await visit(csm, 390)
  const { page } = visitor
  await page.goto('/settings/notifications')
  await page.getByLabel('Health and churn risk, High').selectOption('off')
  await page.getByText('Saved').waitFor()
  await page.getByLabel('Daily digest at').fill('07:30')
  await page.getByRole('button', { name: 'Save times' }).click()
  await page.reload()
  expect(await page.getByLabel('Health and churn risk, High').inputValue()).toBe('off')
  expect(await page.getByLabel('Daily digest at').inputValue()).toBe('07:30')
  await expectAccessibleInBothThemes(visitor)
  for (const path of ['/alerts', '/settings/notifications', '/settings/alert-rules']) {
    await page.goto(path)
    await page.waitForTimeout(500)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect([path, width]).toEqual([path, 390])
  }
  await visitor.close()
})

const rule = {
  nameJa: '要注意',
  nameEn: 'At risk',
  severity: 'critical',
  topic: 'risk',
  state: 'enabled',
  dueHours: 4,
  trigger: { kind: 'condition', condition: { field: 'status', op: 'in', value: ['AT_RISK'] } },
} as const
