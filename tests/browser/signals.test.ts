import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCustomers } from '../../server/customers/accounts/commands/save.ts'
import { createCustomer } from '../../server/customers/accounts/contract/customers.ts'
import { createAttributes } from '../../server/customers/attributes/commands/attributes.ts'
import { listScorecards } from '../../server/signals/scorecards/contract/cards.ts'
import { createSegment, listSegments } from '../../server/signals/segments/contract.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { startWorker } from '../support/imports.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
const customers: string[] = []
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  for (const body of [
    { name: '北辰精密工業株式会社', mrr: 3_200_000, plan: 'Enterprise' },
    { name: '株式会社港北ソリューションズ', mrr: 90_000, plan: 'Pro' },
    { name: 'Kestrel Bioinformatics GmbH', mrr: 100_000, plan: 'Pro' },
  ])
    customers.push((await company.admin.call(createCustomer, { body: { currency: 'JPY', ...body } })).body.id)
})
afterAll(() => site.end())

describe('a segment (SEG-1, SEG-2)', () => {
  test('is made with the builder, counted while it is built, and says why somebody is in it', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/segments/new')
    await page.getByLabel('名前（日本語）').fill('大口のお客様')
    await page.getByRole('button', { name: '項目の条件' }).click()
    await page.keyboard.type('ARR')
    await page.keyboard.press('Enter')
    await page.getByLabel('ARRの比較方法').selectOption('at_least')
    await page.getByLabel('ARRの値').fill('1200000')
    await expect.poll(() => page.locator('.q-count strong').textContent()).toBe('2')
    await page.getByLabel('ARRの値').fill('12000000')
    await expect.poll(() => page.locator('.q-count strong').textContent()).toBe('1')
    await page.getByRole('button', { name: '作成', exact: true }).click()
    await page.waitForURL(/\/segments\/[0-9a-f-]{36}$/)
    await page.locator('tr[data-row]', { hasText: '北辰精密工業株式会社' }).waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(1)
    await page.getByRole('button', { name: '該当する理由: 北辰精密工業株式会社' }).click()
    await page.getByRole('dialog').getByText('満たす', { exact: true }).first().waitFor()

    const { items } = (await company.admin.call(listSegments, { query: {} })).body
    expect(items.map(each => [each.nameJa, each.members, each.condition])).toEqual([
      ['大口のお客様', 1, { all: [{ field: 'arr', op: 'at_least', value: 12_000_000 }] }],
    ])
    await close()
  })
})

describe('a scorecard (HLT-1, HLT-4)', () => {
  test('is made from a ready-made one, shows before it counts whom it moves, and gives scores that lead back to facts', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/health/scorecards')
    await page.getByRole('button', { name: 'スコアカードを作る' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('日本語の名前').fill('標準の健全度')
    await dialog.getByLabel('英語の名前').fill('Standard health')
    await dialog.getByRole('button', { name: '下書きを作る' }).click()
    await page.getByRole('tab', { name: '変更の影響' }).click()
    await page.getByRole('tabpanel').getByText('北辰精密工業株式会社').first().waitFor()
    await page.getByRole('button', { name: '公開する', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: '公開して3社を計算し直す' }).click()
    await page.getByText('公開しました。健全度は計算し直されています。').waitFor()
    const worker = startWorker(site.application)
    const state = async () =>
      (await company.admin.call(listScorecards)).body.items.map(card => [card.nameJa, card.version, card.customers])
    await expect.poll(state, { timeout: 30_000 }).toEqual([['標準の健全度', 1, 3]])
    await worker.close()
    await page.goto(`/customers/${customers[0]}?tab=health`)
    await page.getByText('標準の健全度').first().waitFor()
    await close()
  })
})

describe('a scorecard of the company’s own fields (HLT-7)', () => {
  test('is built on screen from the attributes of the Telco customers, and its back-test shows the AUC', async () => {
    const telco = await newCompany(site.application, '通信サービス')
    const rows: Record<string, string>[] = parse(readFileSync('docs/sample/telco-customer-churn.csv'), {
      columns: true,
    })
    const options = ['Month-to-month', 'One year', 'Two year']
    await asSystem(telco, ctx =>
      createAttributes(ctx, [
        { record: 'customer', key: 'tenure', label: '利用月数', type: 'number' },
        { record: 'customer', key: 'contract', label: '契約形態', type: 'one_of', options },
      ]),
    )
    const lines = rows.map(row => ({
      id: randomUUID(),
      values: {
        name: row.customerID!,
        status: row.Churn === 'Yes' ? 'CHURNED' : 'ACTIVE',
        attributes: { tenure: Number(row.tenure), contract: row.Contract! },
      },
    }))
    await asSystem(telco, ctx => createCustomers(ctx, lines, { origin: 'person' }))

    const { page, close } = await site.visitAs(telco.admin)
    await page.goto('/health/scorecards')
    await page.getByRole('button', { name: 'スコアカードを作る' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('日本語の名前').fill('契約と利用月数')
    await dialog.getByLabel('英語の名前').fill('Contract and tenure')
    await dialog.getByRole('radio', { name: '空のスコアカード' }).check()
    await dialog.getByRole('button', { name: '下書きを作る' }).click()
    await page.getByRole('button', { name: '利用日数を編集' }).click()
    await dialog.getByRole('radio', { name: '顧客の項目' }).check()
    await dialog.getByRole('button', { name: '顧客の項目' }).click()
    await page.keyboard.type('契約形態')
    await page.keyboard.press('Enter')
    await dialog.getByLabel('One year').fill('70')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: '解約との照合' }).click()
    await page.getByRole('radio', { name: /^現在の値と/ }).check()
    await page.getByRole('button', { name: '照合する' }).click()
    const auc = page.getByRole('term').filter({ hasText: 'AUC' }).locator('xpath=following-sibling::dd')
    await auc.waitFor()
    // By hand from the file: pairs of one who stayed and one who left in the right order, ties half.
    const of = (contract: string, churn: string) =>
      rows.filter(row => row.Contract === contract && row.Churn === churn).length
    const [stayed, left] = ['No', 'Yes'].map(churn => options.map(contract => of(contract, churn))) as [
      number[],
      number[],
    ]
    const right = left.flatMap((gone, low) =>
      stayed.map((here, high) => gone * here * (high > low ? 1 : high === low ? 0.5 : 0)),
    )
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
    const expected = sum(right) / (sum(stayed) * sum(left))
    expect(expected).toBeGreaterThan(0.7)
    expect(Number((await auc.textContent())!.slice(0, 5))).toBeCloseTo(expected, 2)
    await close()
  })
})

describe('a published scorecard (HLT-4, HLT-6)', () => {
  test('HLT-4, HLT-6: gets groups and an exception as a draft, is published, and an old version comes back', async () => {
    const card = async () => (await company.admin.call(listScorecards)).body.items[0]!
    const { id, version: first, definition: before } = await card()
    expect([first, before!.groups]).toEqual([1, []])
    const { page, close } = await site.visitAs(company.admin)
    const publish = async (note: string) => {
      await page.getByRole('button', { name: '公開する', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('textbox').first().fill(note)
      await dialog.getByRole('button', { name: /計算し直す$/ }).click()
      await page.getByText('公開しました。').first().waitFor()
      await dialog.waitFor({ state: 'detached' })
    }

    await page.goto(`/health/scorecards/${id}?tab=factors`)
    await page.getByRole('button', { name: 'グループを追加' }).click()
    await page.getByRole('button', { name: 'グループを追加' }).click()
    await page.getByRole('tab', { name: '区分と例外' }).click()
    await page.getByRole('button', { name: '例外を追加' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('日本語の名前').fill('小口の上限')
    await dialog.getByLabel('英語の名前').fill('Small ones')
    await dialog.getByRole('button', { name: '項目の条件' }).click()
    await page.keyboard.type('ARR')
    await page.keyboard.press('Enter')
    await dialog.getByLabel('ARRの比較方法').selectOption('less_than')
    await dialog.getByLabel('ARRの値').fill('2000000')
    await dialog.getByLabel('点数').fill('30')
    await dialog.getByRole('button', { name: '下書きに入れる' }).click()
    await page.getByText('最高でも30点').waitFor()
    await publish('グループと例外')
    await expect.poll(async () => (await card()).version).toBe(2)
    const changed = (await card()).definition!
    expect(changed.groups).toHaveLength(2)
    expect(changed.factors.every(({ group }) => group === changed.groups[0]!.key)).toBe(true)
    expect(changed.exceptions.slice(0, -1)).toEqual(before!.exceptions)
    expect(changed.exceptions.slice(-1)).toMatchObject([
      {
        nameJa: '小口の上限',
        effect: 'cap',
        value: 30,
        condition: { all: [{ field: 'arr', op: 'less_than', value: 2_000_000 }] },
      },
    ])

    await page.getByRole('tab', { name: '版の履歴' }).click()
    await page.getByText('グループと例外').waitFor()
    await page.locator('tr[data-row]', { hasText: '第1版' }).getByRole('button', { name: 'この版に戻す' }).click()
    await page.getByText('第1版の内容を下書きに入れました').first().waitFor()
    await publish('元に戻す')
    await expect.poll(async () => (await card()).version).toBe(3)
    expect((await card()).definition).toEqual(before)
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of what the facts say, in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, and fit, %s px wide', async width => {
    const segment = await company.admin.call(createSegment, {
      body: {
        nameJa: `プロ ${locale} ${width}`,
        nameEn: `Pro ${locale} ${width}`,
        record: 'customer',
        kind: 'dynamic',
        condition: { any: [{ field: 'plan', op: 'in', value: ['Pro'] }, { all: [] }] },
        state: 'enabled',
      },
    })
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const { id } = segment.body
    const [card] = (await company.admin.call(listScorecards)).body.items
    const scorecardPages = ['factors', 'bands', 'preview', 'backtest', 'versions'].map(
      tab => `/health/scorecards/${card?.id}?tab=${tab}`,
    )
    for (const address of [
      '/segments',
      `/segments/${id}`,
      `/segments/${id}/edit`,
      '/catalog',
      '/health',
      '/health/scorecards',
      ...scorecardPages,
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await visitor.close()
  })
})
