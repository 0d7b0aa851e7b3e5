import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listScoringRules } from '../../server/signals/scoring/contract/rules.ts'
import { newCompany, type TestCompany } from '../support/factories.ts'
import { sendUse } from '../support/facts.ts'
import { attribute, behaviour, followLeads, newLead, newScoringRule, putSettings, track } from '../support/leads.ts'
import { finishJobs } from '../support/mails.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let lead: string
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  lead = await newLead(company, { name: '佐々木 千尋', title: '情報システム部 部長', company: '北辰精密工業株式会社' })
  await newLead(company, { name: 'Emma Haddad', title: '担当', company: 'Cobalt Learning Partners' })
  await sendUse(company, track(lead, 'Document Downloaded', 3))
  await followLeads(company)
})
afterAll(() => site.end())

describe('leads on screen (SCO-1, SCO-2)', () => {
  test('SCO-1: a rule is made, tried before it is saved, and makes a lead hot for whom it is assigned to', async () => {
    await putSettings(company, { assign: [{ kind: 'member', id: company.admin.memberId }] })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/leads')
    await page.getByRole('heading', { name: 'スコアの付いたリードはまだありません' }).waitFor()
    await page.locator('.k-empty').getByRole('link', { name: '配点ルールを設定' }).click()
    await page.getByLabel('ホットの基準（点）').fill('40')
    await page.getByText('0件のスコアが変わります').waitFor()
    await page.getByRole('button', { name: '設定を保存する' }).click()
    await page.getByText('保存して、リードを再計算しました').first().waitFor()

    await page.getByRole('link', { name: 'ルールを作成' }).click()
    await page.getByLabel('名前（日本語）').fill('部門長')
    await page.getByLabel('点数').fill('45')
    await page.getByRole('button', { name: '項目の条件' }).click()
    await page.keyboard.type('役職')
    await page.keyboard.press('Enter')
    await page.getByLabel('役職の比較方法').selectOption('contains')
    await page.getByLabel('役職の値').fill('部長')
    await page.getByText('2件のスコアが変わります').waitFor()
    await expect.poll(() => page.locator('.o-rail dd').first().textContent()).toBe('1')
    await page.locator('.o-rail').getByText('佐々木 千尋').waitFor()
    expect((await company.admin.call(listScoringRules)).body.items).toEqual([])
    await page.getByRole('button', { name: 'ルールを作成する' }).click()
    await page.getByRole('link', { name: '部門長' }).waitFor()

    await page.getByRole('banner').getByRole('link', { name: 'リード', exact: true }).click()
    const row = page.locator('tr[data-row]', { hasText: '佐々木 千尋' })
    await row.getByText('ホット', { exact: true }).waitFor()
    expect(await row.textContent()).toContain('部門長 +45')
    await page.getByText('ホットのみ', { exact: true }).click()
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1)
    await page.getByRole('link', { name: '佐々木 千尋' }).click()
    await page.getByText('45.0／50点').waitFor()
    await page.getByRole('tab', { name: 'スコア' }).click()
    await page.getByRole('tabpanel').getByText('採点開始（45.0点）').waitFor()

    await finishJobs(site.application)
    await page.reload()
    await page.getByRole('button', { name: /通知/ }).first().click()
    await page
      .getByText(/ホットリード: 佐々木 千尋/)
      .first()
      .waitFor()
    await close()
  })

  test('SCO-2: rules by what happens, pausing and deleting', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/scoring/new')
    await page.getByLabel('名前（日本語）').fill('資料請求')
    await page.getByRole('radio', { name: '行動', exact: true }).check()
    await page.getByRole('radio', { name: '行動のたび' }).check()
    await page.getByLabel('行動', { exact: true }).last().selectOption('Document Downloaded')
    await page.getByText('1件のスコアが変わります').waitFor()
    await page.getByRole('button', { name: 'ルールを作成する' }).click()
    await page.getByText('Document Downloaded：直近90日').waitFor()
    await page.getByRole('button', { name: '「資料請求」の操作' }).click()
    await page.getByRole('menuitem', { name: '停止する' }).click()
    await page.getByText('停止中').waitFor()
    await page.getByRole('button', { name: '「資料請求」の操作' }).click()
    await page.getByRole('menuitem', { name: '削除…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'ルールを削除する' }).click()
    await page.getByText('ルールを削除しました').waitFor()
    const { items } = (await company.admin.call(listScoringRules)).body
    expect(items.map(({ nameJa }) => nameJa)).toEqual(['部門長'])
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of leads, in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, and fit, %s px wide', async width => {
    const rule = await newScoringRule(company, {
      ...behaviour('Document Downloaded', 8, { halfLifeDays: 30 }),
      nameJa: `資料 ${locale} ${width}`,
    })
    await newScoringRule(company, attribute({ field: 'title', op: 'is_set' }, 3))
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    for (const address of [
      '/leads',
      '/leads?show=mine',
      `/contacts/${lead}`,
      '/settings/scoring',
      '/settings/scoring/new',
      `/settings/scoring/${rule.id}`,
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await visitor.close()
  })
})
