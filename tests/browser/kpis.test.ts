import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillDemo } from '../../server/demo-customers.ts'
import { judgeDemo } from '../../server/demo-signals.ts'
import { getKpi } from '../../server/insights/kpis/contract.ts'
import { newCompany, newMember, type TestCompany } from '../support/factories.ts'
import { atMoment } from '../support/kpis.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  await newMember(company, 'csm', { name: 'ムハンマド・アブドゥルラフマーン・アルサウード' })
  const now = new Date().toISOString()
  await atMoment(company, ctx => fillDemo(ctx, { customers: 40, months: 14, seed: 5 }, 0), now)
  await atMoment(company, ctx => judgeDemo(ctx, 1), now)
})
afterAll(() => site.end())

describe('a number that opens (KPI-6)', () => {
  test('KPI-6: from home to its definition, its rows and a customer', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/')
    await page.getByRole('button', { name: 'NRR（12か月）: 定義と計算式' }).click()
    const about = page.getByRole('dialog')
    await about.getByText('12か月前に支払っていた顧客の、現在のMRRの割合です。', { exact: false }).waitFor()
    await about.getByText('MRR end ÷ MRR start × 100', { exact: false }).waitFor()
    await about.getByRole('link', { name: '推移・内訳・顧客を開く' }).click()
    await page.waitForURL(/\/kpis\/nrr/)
    const { body } = await company.admin.call(getKpi, { params: { key: 'nrr' }, query: {} })
    await page.getByText(`${body.current.customers}社、`, { exact: false }).waitFor()
    const row = page.locator('section[aria-label="値の内訳（顧客）"] tr[data-row]').first()
    const name = await row.getByRole('link').textContent()
    await row.getByRole('link').click()
    await page.waitForURL(/\/customers\/[0-9a-f-]{36}/)
    await page.locator('.u-title', { hasText: name! }).waitFor()
    await close()
  })

  test('a target is set by year, shown with the value and taken away', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/kpis/monthly_churn_rate')
    await page.getByRole('button', { name: '目標を設定' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'マーケットプレイス', exact: false }).click()
    expect(await dialog.getByLabel('2年目').inputValue()).toBe('2.5')
    await dialog.getByRole('spinbutton', { name: '1年目' }).fill('99')
    await dialog.getByRole('button', { name: '目標を保存' }).click()
    await page.getByText('99.0%未満').first().waitFor()
    await page.getByText('達成', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: '目標を削除' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '目標を削除' }).click()
    await page.getByText('未設定').waitFor()
    await close()
  })

  test('the portfolio is the table of customers with health, use, alerts and tickets beside it', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/portfolio')
    await page.waitForURL(/\/customers\?view=portfolio/)
    await page.getByRole('columnheader', { name: '健全度の変化（30日）' }).waitFor()
    await page.getByRole('columnheader', { name: '未対応のアラート' }).waitFor()
    await page.getByRole('button', { name: '列', exact: true }).click()
    await page.getByLabel('列を探す').fill('DAU/MAU')
    await page.getByLabel('DAU/MAU', { exact: true }).check()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'DAU/MAU' }).waitFor()
    await expect.poll(() => page.locator('tr[data-row]').count()).toBeGreaterThan(10)
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of KPIs, in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, and fit, %s px wide', async width => {
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    for (const address of ['/', '/kpis', '/kpis/nrr', '/kpis/open_tickets', '/portfolio']) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await visitor.close()
  })
})
