import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTickets } from '../../server/customers/support/commands/save.ts'
import { computeAll } from '../../server/signals/metrics/commands/follow.ts'
import { listRiskSignals } from '../../server/signals/risks/contract.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { daysAgo, newCustomer } from '../support/facts.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let customer: string
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  customer = await newCustomer(company, { name: '北辰精密工業株式会社' })
  await newCustomer(company, { name: '株式会社港北ソリューションズ' })
  await asSystem(company, async ctx => {
    const values = { customerId: customer, subject: '解約の手続きについて', openedAt: daysAgo(2) }
    await createTickets(ctx, [{ id: randomUUID(), values }], { origin: 'person' })
    await computeAll(ctx)
  })
})
afterAll(() => site.end())

describe('signals of risk (CHN-6)', () => {
  test('CHN-6: the ready-made ones are added, show their customers, and say why', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/signals')
    await page.getByRole('button', { name: '標準のシグナル31件を追加' }).click()
    await page.getByText('シグナルを31件追加しました').waitFor()
    await page.getByRole('radio', { name: '高（1社）' }).click()
    expect(await page.locator('tr[data-row]').count()).toBe(14)
    await page.getByRole('link', { name: '問い合わせやコメントで解約に言及' }).click()
    await page.locator('tr[data-row]', { hasText: '北辰精密工業株式会社' }).waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(1)
    await page.getByRole('link', { name: '北辰精密工業株式会社' }).click()
    await page.getByText('解約に触れたチケット（90日）: 1（1以上）').waitFor()
    await page.getByText('推奨する対応: 内容を確認し、24時間以内に責任者から連絡してください。').waitFor()
    await close()
  })

  test('CHN-6: one is made with the builder, paused and deleted', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/signals/new')
    await page.getByLabel('名前（日本語）').fill('未解決のチケット')
    await page.getByRole('radio', { name: '中' }).click()
    await page.getByRole('button', { name: '項目の条件' }).click()
    await page.keyboard.type('未解決チケット')
    await page.keyboard.press('Enter')
    await page.getByLabel('未解決チケットの比較方法').selectOption('at_least')
    await page.getByLabel('未解決チケットの値').fill('1')
    await expect.poll(() => page.locator('.q-count strong').textContent()).toBe('1')
    await page.getByRole('button', { name: '作成', exact: true }).click()
    await page.waitForURL(/\/signals\/[0-9a-f-]{36}$/)
    await page.locator('tr[data-row]', { hasText: '北辰精密工業株式会社' }).waitFor()
    await page.getByRole('button', { name: '操作', exact: true }).click()
    await page.getByRole('menuitem', { name: '判定を停止' }).click()
    await page.getByText('該当する顧客はありません').waitFor()
    await page.getByRole('tab', { name: '解消済み' }).click()
    await page.locator('tr[data-row]', { hasText: '北辰精密工業株式会社' }).waitFor()
    await page.getByRole('button', { name: '操作', exact: true }).click()
    await page.getByRole('menuitem', { name: '削除' }).click()
    await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: '削除' }).click()
    await page.waitForURL(/\/signals$/)
    const { items } = (await company.admin.call(listRiskSignals, { query: {} })).body
    expect(items.some(({ nameJa }) => nameJa === '未解決のチケット')).toBe(false)
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of signals, in %s', locale => {
  test.each([1440, 390])('CHN-6: have no fault that axe finds, and fit, %s px wide', async width => {
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const { items } = (await company.admin.call(listRiskSignals, { query: {} })).body
    const { id } = items.find(({ key }) => key === 'cancel-words')!
    for (const address of [
      '/signals',
      '/signals?level=medium',
      `/signals/${id}`,
      `/signals/${id}/edit`,
      `/customers/${customer}`,
      `/customers/${customer}?tab=health`,
      '/settings/notifications',
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await visitor.close()
  })
})
