import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, createCustomer } from '../../server/customers/accounts/contract/customers.ts'
import { createContact } from '../../server/customers/contacts/contract.ts'
import { createHealthScore } from '../../server/signals/health/contract.ts'
import { newCompany, newMember, type TestCompany } from '../support/factories.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.end())

/** The row of a table that holds a text. */
function row(page: Page, text: string) {
  return page.locator('tr[data-row]', { hasText: text })
}

type Values = Parameters<typeof makeCustomer>[1]

async function makeCustomer(
  company: TestCompany,
  body: { name: string; mrr?: number; renewalOn?: string; tags?: string[]; domains?: string[]; plan?: string },
): Promise<Customer> {
  return (await company.admin.call(createCustomer, { body: { currency: 'JPY', ...body } })).body
}

/** A company with a few customers: long and short names, with and without revenue, renewal and health. */
async function companyWithCustomers(extra: Values[] = []) {
  const company = await newCompany(site.application)
  const made = []
  for (const values of [
    { name: '北辰精密工業株式会社', mrr: 3_200_000, renewalOn: inDays(25), tags: ['製造', '重点'] },
    { name: '株式会社みなとみらいデジタルトランスフォーメーション推進機構', mrr: 5_100_000, renewalOn: inDays(49) },
    { name: 'Kestrel Bioinformatics GmbH', mrr: 100, tags: ['海外'], plan: 'Pro' },
    ...extra,
  ])
    made.push(await makeCustomer(company, values))
  return { company, customers: made, first: made[0] as Customer }
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

describe('the table of customers (CUS-1)', () => {
  test('is narrowed by a condition, which is saved as a view and stands in the address', async () => {
    const { company } = await companyWithCustomers()
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/customers')
    await row(page, '北辰精密工業').waitFor()
    await page.getByRole('button', { name: '条件', exact: true }).click()
    await page.keyboard.type('タグ')
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: '製造' }).check()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1)
    expect(page.url()).toContain('filter=')
    await page.getByText('1社 · ARR').waitFor()

    await page.getByRole('button', { name: '一覧を保存' }).click()
    await page.getByRole('dialog').getByLabel('名前').fill('製造業')
    await page.getByRole('dialog').getByRole('button', { name: '一覧を保存' }).click()
    const tab = page.getByRole('navigation', { name: '一覧の種類' }).getByRole('button', { name: /製造業/ })
    await expect.poll(() => tab.getAttribute('aria-current')).toBe('page')
    await page.reload()
    await row(page, '北辰精密工業').waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(1)

    await page.getByRole('button', { name: /^すべて/ }).click()
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(3)
    await page.getByLabel('名前・ドメイン・IDで検索').fill('kestrel')
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1)
    await close()
  })

  test('changes tags in a row, hands over a selection, and takes it back', async () => {
    const { company } = await companyWithCustomers()
    await newMember(company, 'csm', { name: '大西 茜' })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/customers')
    await page.getByRole('button', { name: /^Kestrel Bioinformatics GmbHのタグ/ }).click()
    await page.getByLabel('タグを検索・作成').fill('医療')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'タグを保存' }).click()
    await row(page, 'Kestrel').getByText('医療').waitFor()

    await row(page, '北辰精密工業').getByRole('checkbox').check()
    await row(page, 'Kestrel').getByRole('checkbox').check()
    await page.getByText('2社を選択中').waitFor()
    await page.getByRole('group', { name: '選択した行への操作' }).getByRole('button', { name: '担当' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('新しい担当').click()
    await page.keyboard.type('大西')
    await page.keyboard.press('Enter')
    await dialog.getByText('2社が対象です。').waitFor()
    await dialog.getByRole('button', { name: '2社を引き継ぐ' }).click()
    await row(page, '北辰精密工業').getByText('大西 茜').waitFor()
    await page.getByRole('button', { name: '元に戻す' }).last().click()
    await expect.poll(() => page.locator('tr[data-row]', { hasText: '大西 茜' }).count()).toBe(0)
    await close()
  })
})

describe('the page of a customer', () => {
  test('keeps a draft, logs a call with Ctrl+Enter, and shows it in the timeline (CUS-7)', async () => {
    const { company, first } = await companyWithCustomers()
    const { page, close } = await site.visitAs(company.admin)
    await page.goto(`/customers/${first.id}?tab=timeline`)
    await page.getByRole('radio', { name: '電話' }).click()
    await page.getByLabel('内容').fill('後任は森田様。')
    await page.reload()
    expect(await page.getByLabel('内容').inputValue()).toBe('後任は森田様。')
    await page.getByLabel('内容').press('Control+Enter')
    await page.locator('.r-timeline').getByText('後任は森田様。').waitFor()
    expect(await page.getByLabel('内容').inputValue()).toBe('')
    await page.locator('.r-timeline').getByRole('button', { name: 'この記録への操作' }).click()
    await page.getByRole('menuitem', { name: '削除' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '記録を削除' }).click()
    await expect.poll(() => page.locator('.r-timeline').getByText('後任は森田様。').count()).toBe(0)
    await close()
  })

  test('a contract that is entered changes the ARR (CUS-4)', async () => {
    const { company } = await companyWithCustomers()
    const fresh = await makeCustomer(company, { name: '有限会社 小春日和' })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto(`/customers/${fresh.id}?tab=billing`)
    await page.getByRole('button', { name: '契約を追加' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('金額（JPY）').fill('3600000')
    await dialog.getByLabel('請求の単位').selectOption('YEAR')
    await dialog.getByRole('button', { name: '契約を追加' }).click()
    await page.locator('.k-facts').getByText('¥3,600,000').waitFor()
    await close()
  })

  test('two customers are merged side by side, and the merge is undone (CUS-9)', async () => {
    const { company } = await companyWithCustomers([
      { name: '北辰精密工業', domains: ['hokushin.example'] },
      { name: '株式会社 北辰精密工業', domains: ['hokushin-seimitsu.example'] },
    ])
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/customers/duplicates')
    await page.getByRole('button', { name: '比べる' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio').first().waitFor()
    await dialog.getByRole('button', { name: '統合する' }).click()
    await page.getByText('に統合しました').waitFor()
    const merges = page.getByRole('table', { name: '統合の履歴' })
    await merges.getByRole('button', { name: '元に戻す' }).click()
    await merges.getByText('取り消し済み').waitFor()
    await close()
  })
})

describe('fields of the company’s own', () => {
  test('a field is defined and becomes a column of the table (CUS-2)', async () => {
    const { company } = await companyWithCustomers()
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/attributes')
    await page.locator('header').getByRole('button', { name: '項目を追加' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('サポート区分')
    await dialog.getByLabel('種類').selectOption('one_of')
    await dialog.getByLabel('キー').fill('support_plan')
    await dialog.getByLabel('選択肢').fill('標準\nプレミアム')
    await dialog.getByRole('button', { name: '項目を追加' }).click()
    await row(page, 'サポート区分').getByText('一つ選択').waitFor()
    await page.goto('/customers')
    await page.getByRole('button', { name: '列' }).click()
    await page.getByRole('checkbox', { name: 'サポート区分' }).check()
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'サポート区分' }).waitFor()
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of customers in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, %s px wide', async width => {
    const { company, first } = await companyWithCustomers()
    await company.admin.call(createHealthScore, { params: { id: first.id }, body: { overallScore: 31 } })
    const contact = await company.admin.call(createContact, {
      body: { name: '森田 千尋', customerId: first.id, stakeholderRole: 'CHAMPION', email: 'm@example.test' },
    })
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const tabs = ['timeline', 'health', 'usage', 'people', 'success', 'billing', 'tickets', 'history']
    for (const address of [
      '/',
      '/customers?view=renewal',
      `/customers/${first.id}`,
      ...tabs.map(tab => `/customers/${first.id}?tab=${tab}`),
      '/contacts',
      `/contacts/${contact.body.id}`,
      '/customers/duplicates',
      '/settings/attributes',
      '/settings/tiers',
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), address).toBeLessThanOrEqual(
        0,
      )
    }
    await visitor.close()
  })
})
