import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listJourneys } from '../../server/engage/onboarding/contract/journeys.ts'
import { getOnboardingTemplate, listOnboardingTemplates } from '../../server/engage/onboarding/contract/templates.ts'
import { newCompany, newMember, type TestCompany } from '../support/factories.ts'
import { newCustomer } from '../support/facts.ts'
import { newJourney, newTemplate, readyMadeJourney } from '../support/onboarding.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let template: string
let customer: string
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  await newMember(company, 'onboarding', { name: '導入 太郎' })
  customer = await newCustomer(company, { name: 'Aster' })
  template = await newTemplate(company, readyMadeJourney('saas-success'))
  await newJourney(company, template, customer)
})
afterAll(() => site.end())

async function visit(locale: 'ja' | 'en', width: number) {
  const visitor = await site.visitAs(company.admin, { locale, width })
  await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
  return visitor
}
const templateOf = async (id: string) => (await company.admin.call(getOnboardingTemplate, { params: { id } })).body
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click()

it('ONB-1: a template is made on screen: phase, task with a condition, warning, start rule, person', async () => {
  const visitor = await visit('en', 1440)
  const { page } = visitor
  await page.goto('/onboarding?view=templates')
  await page.getByRole('link', { name: 'New template' }).click()
  await page.getByLabel('Name (English)').first().fill('Quick start')
  await page.getByLabel('Name of the phase (English)').fill('First steps')
  // Saving is refused at the field that lacks something, and what was typed is still there.
  await save(page)
  const title = page.getByLabel('Task (English)')
  await expect.poll(() => title.getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel('Name (English)').first().inputValue()).toBe('Quick start')
  await title.fill('Sign in')
  await page.getByLabel('Role').selectOption('customer')
  await page
    .getByRole('group', { name: 'Done by itself when' })
    .getByRole('button', { name: 'Add a condition' })
    .click()
  // An empty condition would hold for everybody: the server refuses it, and its field says so.
  await save(page)
  await page.getByRole('group', { name: 'Done by itself when' }).getByText('Add at least one condition.').waitFor()
  const condition = page.getByRole('group', { name: 'Done by itself when' })
  await condition.getByRole('button', { name: 'Field', exact: true }).click()
  await page.getByRole('option', { name: /^Progress of onboarding/ }).click()
  await condition.getByRole('spinbutton').fill('10')
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('radio', { name: /^When its contract begins/ }).check()
  await page.getByLabel('Onboarding specialist').selectOption({ label: '導入 太郎' })
  await page.getByRole('button', { name: 'Add a warning' }).click()
  await page.getByLabel('Warning (English)').fill('Not signed in')
  await page.getByLabel('It warns').selectOption('tasks')
  await page.getByRole('group', { name: 'Tasks', exact: true }).getByRole('checkbox', { name: 'Sign in' }).check()
  await page.getByRole('button', { name: 'Add a task' }).click()
  await page.getByLabel('Task (English)').last().fill('Say hello')
  // By keyboard alone: the task goes up, and the button keeps the focus.
  const up = page.getByRole('button', { name: 'Move “Say hello” up' })
  await up.focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => up.getAttribute('aria-disabled')).toBe('true')
  await expect.poll(() => up.evaluate(button => button === document.activeElement)).toBe(true)
  await save(page)
  await page.getByRole('heading', { name: 'Quick start' }).waitFor()
  await page.getByText('After that day, where one of these tasks is not done: Sign in').waitFor()
  await expectAccessibleInBothThemes(visitor)
  const { items } = (await company.admin.call(listOnboardingTemplates)).body
  const made = await templateOf(items.find(({ nameEn }) => nameEn === 'Quick start')!.id)
  expect(made).toMatchObject({ nameJa: 'Quick start', version: 1, starts: { on: 'contract', condition: null } })
  expect(Object.keys(made.people)).toEqual(['specialist'])
  expect(made.definition.tasks.map(({ titleJa, role, condition: by }) => [titleJa, role, by !== null])).toEqual([
    ['Say hello', 'owner', false],
    ['Sign in', 'customer', true],
  ])
  expect(made.definition.warnings[0]!.tasks).toEqual([made.definition.tasks[1]!.key])
  await visitor.close()
})

it('ONB-1: changing says that running journeys keep their version, and typed words outlive the page', async () => {
  const visitor = await visit('ja', 390)
  const { page } = visitor
  await page.goto(`/onboarding/templates/${template}?edit=true`)
  await page.getByText('進行中の1社は現在の版（第1版）のまま続き').waitFor()
  await page.getByText('キックオフミーティングを実施する').first().click()
  await page.getByLabel('タスク名（日本語）').first().fill('顔合わせを実施する')
  await page.reload()
  await page.getByText('保存していない変更を復元しました。').waitFor()
  expect(await page.getByLabel('タスク名（日本語）').first().inputValue()).toBe('顔合わせを実施する')
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.getByRole('link', { name: '編集', exact: true }).waitFor()
  await page.getByText('顔合わせを実施する').waitFor()
  expect(await templateOf(template)).toMatchObject({ version: 2, running: 1 })
  await page.goto(`/onboarding/templates/new?from=${template}`)
  expect(await page.getByLabel('テンプレート名（日本語）').inputValue()).toBe('90日オンボーディングのコピー')
  await visitor.close()
})

it('ONB-1: the tab of the customer shows its journey, leads to it, and starts another template', async () => {
  const visitor = await visit('ja', 1440)
  const { page } = visitor
  await page.goto(`/customers/${customer}?tab=onboarding`)
  await page.getByRole('heading', { name: '90日オンボーディング' }).waitFor()
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('button', { name: 'オンボーディングを開始' }).click()
  await page.getByRole('dialog').getByLabel('テンプレート').selectOption({ label: 'Quick start' })
  await page.getByRole('dialog').getByRole('button', { name: '開始', exact: true }).click()
  await page.getByRole('heading', { name: 'Quick start' }).waitFor()
  expect((await company.admin.call(listJourneys, { query: { customerId: customer } })).body.items).toHaveLength(2)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessibleInBothThemes(visitor)
  await page.getByRole('link', { name: 'タスク', exact: true }).first().click()
  await page.waitForURL(/\/onboarding\/[0-9a-f-]{36}$/)
  await visitor.close()
})
