import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getCustomer } from '../../server/customers/accounts/contract/customers.ts'
import { listTasks } from '../../server/engage/tasks/contract/tasks.ts'
import { churnOverview, churnReasons, listChurnModels } from '../../server/signals/churn/contract/models.ts'
import { getChurnSettings } from '../../server/signals/churn/contract/settings.ts'
import { writeLeavers } from '../support/churn.ts'
import { newCompany, newMember, type TestCompany, type TestMember } from '../support/factories.ts'
import { finishJobs } from '../support/mails.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

const patient = { timeout: 20_000 }

let site: Site
let company: TestCompany
let head: TestMember
let stayed: string[]
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  head = await newMember(company, 'head_of_cs', { name: '佐々木 千尋' })
  stayed = await writeLeavers(company, { customers: 240, left: 80, days: 330 })
})
afterAll(() => site.end())

describe('churn prediction on screen (CHN-2 to CHN-5)', () => {
  it('CHN-3: a head of CS trains a model, sees how good it is, and lets it serve', async () => {
    const { page, close } = await site.visitAs(head)
    await page.goto('/churn')
    await page.getByRole('heading', { name: '最初のモデルを学習できます' }).waitFor()
    await page.getByRole('button', { name: '学習を開始' }).click()
    await page.getByRole('heading', { name: '第1版を学習しています' }).waitFor()
    const work = finishJobs(site.application)
    // The page looks again by itself: the work goes on past its first share.
    await expect
      .poll(() => page.getByRole('progressbar').evaluate(bar => (bar as HTMLProgressElement).value), {
        timeout: 60_000,
      })
      .toBeGreaterThan(0)
    await work
    await page.getByText(/第1版の学習が終わりました/).waitFor()
    await page.getByRole('link', { name: '内容を確認する' }).click()
    await page.getByRole('heading', { name: '第1版', exact: true }).waitFor()
    await page.getByText(/90日以内に解約する顧客の\d+%を事前に見つけます/).waitFor()
    await page.getByRole('table', { name: 'ほかの方法との比較' }).getByText('このモデル').waitFor()
    await page.getByText('勾配ブースティング', { exact: true }).first().click()
    await page.getByRole('button', { name: '有効にする' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '有効にする' }).click()
    await page
      .getByText(/第1版を有効にしました/)
      .first()
      .waitFor()
    await finishJobs(site.application)
    expect((await head.call(churnOverview)).body.live).toMatchObject({ version: 1, algorithm: 'boosting' })

    await page.getByRole('link', { name: '解約予測' }).first().click()
    const bands = page.getByRole('table', { name: '現在の顧客' })
    await bands.waitFor()
    const judged = async () =>
      (await bands.locator('tbody tr td:nth-child(2)').allTextContents()).reduce((sum, text) => sum + Number(text), 0)
    await expect.poll(judged, patient).toBe(160)
    await close()
  })

  it('CHN-5: starts what is to be done for chosen customers, sees reasons, and tries what would change', async () => {
    const { page, close } = await site.visitAs(head)
    await page.goto('/churn')
    await page.getByRole('link', { name: '顧客の一覧' }).click()
    const rows = page.locator('tr[data-row]')
    await expect.poll(() => rows.count(), patient).toBe(50)
    const scores = (await rows.locator('.ch-score strong').allTextContents()).map(Number)
    expect(scores).toEqual(scores.toSorted((one, two) => two - one))
    await rows.nth(0).getByRole('checkbox').check()
    await rows.nth(1).getByRole('checkbox').check()
    await page.getByRole('button', { name: '対応を開始' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: '割り当てない' }).check()
    await dialog.getByRole('button', { name: 'タスクを2件作成' }).click()
    await page.getByText('タスクを2件作成しました').first().waitFor()
    const { items } = (await head.call(listTasks)).body
    expect(items.map(({ title, source }) => [title, source])).toEqual(
      Array(2).fill(['解約リスクへの対応', expect.any(String)]),
    )

    await rows.nth(0).locator('td a').first().click()
    await page.getByRole('heading', { name: '解約確率を上げている要因' }).waitFor()
    await page.getByText(/から毎日記録しています/).waitFor()
    const field = page.locator('.k-section', { hasText: 'もし、こう変わったら' }).getByRole('spinbutton').first()
    await field.fill('40')
    await page.getByText(/\d → \d/).waitFor()
    await page.getByRole('tabpanel').getByRole('button', { name: '元に戻す' }).click()
    await page.getByText(/保存はされません/).waitFor()
    await close()
  })

  it('CHN-4: moves the threshold by what it costs, and keeps it', async () => {
    const before = (await head.call(getChurnSettings)).body
    const { page, close } = await site.visitAs(head)
    await page.goto('/churn')
    const slider = page.getByRole('slider', { name: 'しきい値' })
    await slider.fill('42')
    await page.getByLabel(/介入1社の費用/).fill('80000')
    await page.getByRole('button', { name: 'しきい値42と前提を保存' }).click()
    await page.getByText('保存しました。すべての顧客を計算し直します。').first().waitFor()
    const { body } = await head.call(getChurnSettings)
    expect([body.threshold, body.prices.intervention]).toEqual([42, 80_000])
    expect(body.bands).toEqual(before.bands)
    await finishJobs(site.application)
    await page.reload()
    await expect.poll(() => slider.inputValue(), patient).toBe('42')
    await close()
  })

  it('records why a customer left, and counts it', async () => {
    const id = stayed[150]!
    const counted = async () => {
      const { items } = (await head.call(churnReasons, { query: { months: 12 } })).body
      return items.find(({ reason }) => reason === '機能不足')!.customers
    }
    const before = await counted()
    const { page, close } = await site.visitAs(head)
    await page.goto(`/customers/${id}`)
    await page
      .getByRole('button', { name: /への操作|その他/ })
      .first()
      .click()
    await page.getByRole('menuitem', { name: '解約済みにする…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('解約理由').fill('機能不足')
    await dialog.getByRole('button', { name: '解約済みにする' }).click()
    await page
      .getByText(/を解約済みにしました/)
      .first()
      .waitFor()
    const { body } = await head.call(getCustomer, { params: { id } })
    expect([body.status, body.churnReason, await counted()]).toEqual(['CHURNED', '機能不足', before + 1])
    await close()
  })
})

describe.each(['ja', 'en'] as const)('screens of churn, in %s', locale => {
  it.each([1440, 390])('have no fault that axe finds, and fit, %s px wide', async width => {
    const { items } = (await head.call(listChurnModels)).body
    const visitor = await site.visitAs(head, { locale, width })
    const { page } = visitor
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    for (const address of [
      '/churn',
      '/churn/customers',
      `/churn/models/${items[0]!.id}`,
      `/customers/${stayed[0]}?tab=churn`,
      '/settings/churn',
    ]) {
      await page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await visitor.close()
  })
})
