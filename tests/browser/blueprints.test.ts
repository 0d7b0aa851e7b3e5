import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { computeAll } from '../../server/signals/metrics/commands/follow.ts'
import { listScorecards } from '../../server/signals/scorecards/contract/cards.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { newCustomer, sendUse, usageEvent } from '../support/facts.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  for (const [key, name] of [
    ['a', 'Aster'],
    ['b', 'Birch'],
  ] as const) {
    await newCustomer(company, { externalId: key, name, licenceCount: 4 })
  }
  await sendUse(company, ...[1, 2, 3].map(day => usageEvent('p', 'a', day, 'Dashboard Viewed')))
  await asSystem(company, computeAll)
})
afterAll(() => site.end())

async function visit(width = 1440) {
  const visitor = await site.visitAs(company.admin, { locale: 'en', width })
  await visitor.context.addInitScript("localStorage.setItem('kizuna.locale', 'en')")
  return visitor
}

it('a programme is planned, applied, drifts, is exported, and taken back on screen', async () => {
  const visitor = await visit()
  const { page } = visitor
  await page.goto('/settings/blueprints')
  await page.getByRole('heading', { name: 'SaaS customer success' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Plan “SaaS customer success”' }).click()
  await page.getByRole('heading', { name: 'Effect on customers' }).waitFor()
  await page.getByText('Gone quiet: +1 / −0').waitFor()
  await page.getByText('csm-alerts').first().waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  await page.getByRole('heading', { name: 'What was applied' }).waitFor()
  const { items } = (await company.admin.call(listScorecards)).body
  expect(items.map(({ key, state }) => [key, state])).toEqual([['saas-success', 'enabled']])

  // Somebody changes a rule on its own screen: that is drift.
  await page.goto('/settings/alert-rules')
  await page.getByRole('link', { name: 'Health is Red' }).click()
  await page.getByLabel('Name (English)').fill('Health went red')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Health went red' }).waitFor()
  await page.goto('/settings/blueprints')
  await page.getByRole('heading', { name: 'Changed by hand since it was applied' }).waitFor()
  await page.getByRole('row', { name: /nameEn Health is Red Health went red/ }).waitFor()
  await expectAccessibleInBothThemes(visitor)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export YAML' }).click()
  const file = await (await download).path()
  expect(await readFile(file, 'utf8')).toContain('nameEn: Health went red')
  await page.getByLabel('Open YAML').setInputFiles(file)
  await page.getByText('No difference').waitFor()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await page.getByLabel('Open YAML').setInputFiles({
    name: 'broken.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from('segments:\n  - key: BAD\n'),
  })
  await page.getByText('broken.yaml:2:10').waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'Back to the list' }).click()

  await page.getByRole('button', { name: 'SaaS customer success', exact: true }).click()
  await page.getByRole('dialog').getByRole('heading', { name: 'Changes' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Take back “SaaS customer success”' }).click()
  await page.getByText('changed by hand since').first().waitFor()
  await page.getByRole('button', { name: 'Take back', exact: true }).click()
  await page.getByText('Taken back', { exact: true }).waitFor()
  expect((await company.admin.call(listScorecards)).body.items).toEqual([])
  expect(visitor.faults).toEqual([])
})

it('fits a phone', async () => {
  const visitor = await visit(390)
  const { page } = visitor
  await page.goto('/settings/blueprints')
  await page.getByRole('button', { name: 'Plan “Plugin marketplace”' }).click()
  await page.getByRole('heading', { name: 'Effect on customers' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
})
