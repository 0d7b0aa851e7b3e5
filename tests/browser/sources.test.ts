import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestPage } from '../support/browser.ts'
import { newCompany, newMember, type TestCompany } from '../support/factories.ts'
import { processAll } from '../support/ingest.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
})
afterAll(() => site.end())

async function visit(width = 1440): Promise<TestPage> {
  const visitor = await site.visitAs(company.admin, { locale: 'en', width })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}

async function send(writeKey: string, ...batch: Record<string, unknown>[]): Promise<void> {
  const reply = await fetch(`${site.address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch: batch.map(message => ({ messageId: randomUUID(), ...message })) }),
  })
  expect(reply.status).toBe(200)
}

it('makes a source, shows its key, its events as they arrive, and why one is refused (CUS-40)', async () => {
  const visitor = await visit()
  const { page } = visitor
  await page.goto('/')
  await page.getByRole('link', { name: 'Sources' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.getByRole('heading', { name: 'No source yet' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.locator('.k-empty').getByRole('button', { name: 'Create a source' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Server/ }).check()
  await dialog.getByLabel('Name').fill('Billing')
  await expectAccessibleInBothThemes(visitor)
  await dialog.getByRole('button', { name: 'Create a source' }).click()
  await page.getByRole('heading', { name: 'Billing', level: 1 }).waitFor()
  await page.getByText('YOUR_WRITE_KEY').waitFor()
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByRole('button', { name: 'Hide' }).waitFor()
  const key = (await page.locator('.d-key code').textContent()) ?? ''
  await page.getByText(`writeKey: '${key}'`).waitFor()
  await expectAccessibleInBothThemes(visitor)

  await page.getByRole('tab', { name: 'Live events' }).click()
  await page.getByRole('heading', { name: 'No event yet' }).waitFor()
  await send(
    key,
    { type: 'track', event: 'Report exported', userId: 'user-1', properties: { format: 'PDF' } },
    { type: 'page', name: 'Pricing', anonymousId: 'visitor-1' },
    { type: 'track', userId: 'user-2' },
  )
  await page.getByRole('cell', { name: 'Report exported', exact: true }).waitFor()
  await page.getByRole('textbox', { name: 'ID of a person' }).fill('visitor-1')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: 'Report exported', exact: true }).waitFor({ state: 'detached' })
  await page
    .getByRole('row', { name: /Pricing/ })
    .getByRole('button')
    .click()
  await page.getByText('"messageId"').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('textbox', { name: 'ID of a person' }).fill('')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Pause' }).click()
  await send(key, { type: 'track', event: 'While paused', userId: 'user-1' })
  await page.waitForTimeout(4_000)
  expect(await page.getByRole('cell', { name: 'While paused', exact: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('cell', { name: 'While paused', exact: true }).waitFor()

  await page.getByRole('tab', { name: 'Debugger' }).click()
  await page.getByRole('button', { name: /Show details of A track call/ }).waitFor()
  await page
    .getByRole('row', { name: /A track call needs/ })
    .getByRole('button')
    .click()
  await page.getByText('"user-2"').waitFor()
  await expectAccessibleInBothThemes(visitor)

  await processAll(company)
  await page.getByRole('tab', { name: 'Overview' }).click()
  await page.reload()
  await page.getByRole('heading', { name: '1 of 4 rejected (25%)' }).waitFor()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByLabel('Limit, messages a minute').fill('600')
  await page.getByRole('button', { name: 'Save source' }).click()
  await page.getByText('Source saved').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click()
  await page.getByText('Billing disabled').waitFor()
  await visitor.close()
})

it('makes a webhook whose secret is shown once, and replaces the secret', async () => {
  const visitor = await visit(390)
  const { page } = visitor
  await page.goto('/sources?tab=webhooks')
  await page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  await page.locator('.k-empty').getByRole('button', { name: 'Create a webhook' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Contracts')
  await page.getByRole('dialog').getByRole('button', { name: 'Create a webhook' }).click()
  await page.getByText(/^whsec_/).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'I have kept the secret' }).click()
  await page.getByRole('heading', { name: 'Contracts', level: 1 }).waitFor()
  await page.getByRole('heading', { name: 'No delivery yet' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.getByRole('button', { name: 'Replace secret' }).click()
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await page.getByRole('button', { name: 'I have kept the secret' }).click()
  await page.getByText(/^Holds until \d/).waitFor()
  await visitor.close()
})

it('lets somebody read who may not manage, without keys and settings', async () => {
  const reader = await newMember(company, 'analyst')
  const visitor = await site.visitAs(reader, { locale: 'en' })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  const { page } = visitor
  await page.goto('/sources')
  await page.getByRole('link', { name: 'Billing' }).click()
  await page.getByRole('tab', { name: 'Debugger' }).waitFor()
  expect(await page.getByRole('tab', { name: 'Settings' }).count()).toBe(0)
  expect(await page.getByRole('heading', { name: 'Write key' }).count()).toBe(0)
  await visitor.close()
})
