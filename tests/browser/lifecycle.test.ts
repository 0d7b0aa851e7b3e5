import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listCustomers } from '../../server/customers/accounts/contract/customers.ts'
import { createContact, getContact } from '../../server/customers/contacts/contract.ts'
import { listStages, useStandardStages } from '../../server/signals/lifecycle/contract/stages.ts'
import { newCompany, type TestCompany } from '../support/factories.ts'
import { startWorker } from '../support/imports.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
})
afterAll(() => site.end())

async function newLead(body: object): Promise<string> {
  return (await company.admin.call(createContact, { body })).body.id
}

describe('the lifecycle of leads', () => {
  test('LIF-1: from the standard stages to a won lead whose customer is there', async () => {
    const id = await newLead({
      name: '楠木 千尋',
      email: 'chihiro@kusunoki.example',
      company: '楠木インダストリーズ株式会社',
      leadScore: 64,
      language: 'ja',
    })
    const worker = startWorker(site.application)
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/lifecycle')
    await page.getByRole('button', { name: '標準のステージを使う' }).click()
    await page.locator('.y-column', { hasText: 'MQL' }).getByText('楠木 千尋').waitFor()
    await page.getByRole('button', { name: '楠木 千尋を移動' }).click()
    await page.getByRole('menuitem', { name: '「受注」へ移動' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('顧客を作成').waitFor()
    await dialog.getByText('ウェルカムメールを送信').waitFor()
    await dialog.getByRole('button', { name: '移動する' }).click()
    await page.getByText('楠木 千尋を「受注」へ移動しました').waitFor()
    await page.locator('.y-column', { hasText: '受注' }).getByText('楠木 千尋').waitFor()
    const customer = async () => (await company.admin.call(getContact, { params: { id } })).body.customerName
    await expect.poll(customer, { timeout: 20_000 }).toBe('楠木インダストリーズ株式会社')
    await page.goto(`/contacts/${id}`)
    await page.getByRole('link', { name: '「楠木インダストリーズ株式会社」を作成しました' }).click()
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}/)
    await page.getByText('楠木インダストリーズ株式会社').first().waitFor()
    expect((await company.admin.call(listCustomers, { query: {} })).body.items).toHaveLength(1)

    await page.goto('/lifecycle?tab=funnel')
    await page.getByRole('button', { name: /^MQL、到達: 1件/ }).click()
    await page.getByRole('dialog').getByText('楠木 千尋').waitFor()
    await worker.close()
    await close()
  })

  test('LIF-1: back by hand asks for a reason; a rule is changed with its effect in sight', async () => {
    await company.admin.call(useStandardStages, { body: { actNow: false } })
    const id = await newLead({ name: '東雲 遥', leadScore: 30, company: '東雲' })
    const worker = startWorker(site.application)
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/lifecycle')
    await page.getByRole('link', { name: 'MQL' }).click()
    await page.getByLabel('リードスコアの値').fill('30')
    await page.getByText('今すぐ移動するリード: 1件').waitFor()
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.getByText('ステージを保存しました').waitFor()
    const stage = async () => (await company.admin.call(getContact, { params: { id } })).body.lifecycleStage
    expect(await stage()).toBe('mql')
    await page.goto(`/contacts/${id}`)
    await page.getByRole('button', { name: '東雲 遥を移動' }).click()
    await page.getByRole('menuitem', { name: '「新規」へ移動' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '移動する' }).click()
    await dialog.locator('[aria-invalid=true]').waitFor()
    await dialog.getByLabel('理由').fill('情報収集のみのため')
    await dialog.getByRole('button', { name: '移動する' }).click()
    await page.getByText('情報収集のみのため').waitFor()
    expect(await stage()).toBe('new')
    await worker.close()
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of the lifecycle, in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, and fit, %s px wide', async width => {
    await company.admin.call(useStandardStages, { body: { actNow: false } })
    await newLead({ name: 'ムハンマド・アブドゥルラフマーン・アルサウード', company: 'Kestrel Bioinformatics GmbH' })
    const { items } = (await company.admin.call(listStages)).body
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const screens = [
      ['/lifecycle', '.y-board'],
      ['/lifecycle?tab=funnel', '.k-table'],
      ['/lifecycle?tab=moves', '.k-table'],
      ['/settings/lifecycle', '.k-table'],
      ['/settings/lifecycle/new', '.l-form'],
      [`/settings/lifecycle/${items.find(({ key }) => key === 'won')!.id}`, '.l-form'],
    ] as const
    for (const [address, ready] of screens) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await page.locator(ready).first().waitFor()
      await expectAccessibleInBothThemes(visitor)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([address, over <= 0]).toEqual([address, true])
    }
    await visitor.close()
  })
})
