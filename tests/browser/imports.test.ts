import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listImports } from '../../server/collect/imports/contract/imports.ts'
import { createImportMapping, listImportMappings } from '../../server/collect/imports/contract/mappings.ts'
import { listCustomers } from '../../server/customers/accounts/contract/customers.ts'
import type { Runner } from '../../server/platform/work/runner.ts'
import { newCompany, newMember, type TestCompany } from '../support/factories.ts'
import { startWorker, upload } from '../support/imports.ts'
import { shiftJis } from '../support/shift-jis.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let worker: Runner
beforeAll(async () => {
  site = await startSite()
})
beforeEach(async () => {
  company = await newCompany(site.application)
  worker = startWorker(site.application)
})
afterEach(() => worker.close())
afterAll(() => site.end())

/** Five customers in Shift-JIS; the second one's amount is no number, and the header of the last column is no field. */
const list = shiftJis(
  [
    '顧客ID,会社名,業種,月額,更新日,社内メモ',
    'A-1,株式会社北斗,製造,120000,2027/3/31,優良',
    'A-2,南海物流株式会社,運輸,三万円,2026/9/30,',
    'A-3,東都システムズ,IT,98000,2026/12/31,要フォロー',
    'A-4,みなと商事,小売,45000,2027/1/31,',
    'A-5,あおば電機,製造,88000,2027/6/30,',
  ].join('\r\n'),
)

async function names(): Promise<string[]> {
  const { body } = await company.admin.call(listCustomers, { query: { limit: '50' } })
  return body.items.map(({ name }) => name).sort()
}

/** Rows like those of the Telco data set. */
function telcoLike(rows: number): Buffer {
  const lines = Array.from({ length: rows }, (_, index) => {
    const tenure = index % 72
    const charge = (20 + (index % 90)).toFixed(2)
    return `${7000 + index}-ABCDE,Female,0,${tenure},DSL,Month-to-month,${charge},${(tenure * 30).toFixed(2)},${index % 4 === 0 ? 'Yes' : 'No'}`
  })
  const head = 'customerID,gender,SeniorCitizen,tenure,InternetService,Contract,MonthlyCharges,TotalCharges,Churn'
  return Buffer.from([head, ...lines].join('\n'))
}

describe('importing a file', () => {
  test('a Shift-JIS list with a bad cell: marked, run, reported, undone (CUS-41)', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/customers')
    await page.getByRole('heading', { name: 'まだ顧客がいません' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('heading', { name: 'まだ何も取り込んでいません' }).waitFor()
    await page.getByRole('link', { name: '最初のファイルを取り込む' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: '顧客一覧.csv', mimeType: 'text/csv', buffer: list })

    await page.getByRole('button', { name: '5件を取り込む' }).waitFor()
    expect(await page.getByLabel('文字コード').inputValue()).toBe('shift_jis')
    const preview = page.getByRole('region', { name: '取り込み後のイメージ' })
    const bad = preview.getByRole('cell', { name: /三万円/ })
    await bad.waitFor()
    expect(await bad.textContent()).toContain('数値として読み取れません')
    expect(await page.getByText('1個の値を読み取れません').count()).toBe(1)

    // Left and found again, with what was changed.
    await page.getByRole('button', { name: /列「社内メモ」の取り込み先/ }).click()
    await page.getByRole('option', { name: '取り込まない' }).click()
    await page.getByText('6列のうち5列を取り込みます').waitFor()
    await page.waitForResponse(reply => reply.url().includes('/preview'))
    await page.getByRole('link', { name: 'インポート', exact: true }).first().click()
    await page.getByRole('link', { name: '顧客一覧.csv' }).click()
    await page.getByText('6列のうち5列を取り込みます').waitFor()

    await page.getByRole('button', { name: 'テスト実行（変更なし）' }).click()
    await page.getByText('テスト実行の結果：5件').waitFor()
    expect(await names()).toEqual([])
    await page.getByRole('button', { name: '5件を取り込む' }).click()
    await page.getByText('4件を取り込みました（1件はエラー）').waitFor()
    const report = page.getByRole('table')
    expect(await report.getByRole('row').nth(1).textContent()).toContain('月額')
    expect((await names()).length).toBe(4)

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'エラー1件をダウンロード' }).click()
    expect((await download).suggestedFilename()).toMatch(/\.csv$/)

    await page.getByRole('button', { name: '元に戻す…' }).click()
    await page.getByRole('button', { name: '4件を元に戻す' }).click()
    await page.getByText('このインポートを元に戻しました').waitFor()
    expect(await names()).toEqual([])
    await close()
  })

  test('a list like that of the Telco data set: drop it, import it', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/customers')
    await page.getByRole('link', { name: 'ファイルを取り込む' }).click()
    const buffer = telcoLike(600)
    await page.locator('input[type=file]').setInputFiles({ name: 'churn.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: '600件を取り込む' }).click()
    await page.getByText('600件を取り込みました').waitFor()
    expect((await names()).length).toBe(50)
    await close()
  })

  test('a column that hardly fits says so, and how many values would be refused', async () => {
    const { page, close } = await site.visitAs(company.admin)
    const rows = Array.from({ length: 10 }, (_, index) => `B-${index},会社${index},${index < 4 ? '2027/1/31' : '未定'}`)
    const buffer = Buffer.from(['顧客ID,会社名,更新日', ...rows].join('\n'))
    await page.goto('/imports/new')
    await page.locator('input[type=file]').setInputFiles({ name: 'renewals.csv', mimeType: 'text/csv', buffer })
    await page.getByText('合う値が40%しかありません').waitFor()
    await page.getByRole('button', { name: '「更新日」に取り込む' }).click()
    await page.getByText('6行が取り込まれません').waitFor()
    await page.getByText('そのセルだけ空にして取り込む').click()
    await page.getByText('6個のセルが空になります').waitFor()
    await close()
  })

  test('an upload that breaks goes on with the part that failed', async () => {
    const { page, faults, close } = await site.visitAs(company.admin)
    let broken = true
    await page.route('**/parts/0', route => (broken ? route.abort() : route.continue()))
    await page.goto('/imports/new')
    await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: list })
    await page.getByText('アップロードが止まりました').waitFor()
    broken = false
    faults.length = 0
    await page.getByRole('button', { name: '続きから再開' }).click()
    await page.getByRole('button', { name: '5件を取り込む' }).waitFor()
    await close()
  })

  test('what the server refuses of a mapping stands beside it, and nothing is lost', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/imports/new')
    const buffer = Buffer.from('会社名,業種\n北斗,製造\n')
    await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: /列「会社名」の取り込み先/ }).click()
    await page.getByRole('option', { name: '取り込まない' }).click()
    await page.getByText('次のいずれかに列を割り当ててください').waitFor()
    await page.getByRole('button', { name: /列「会社名」の取り込み先/ }).click()
    await page.getByPlaceholder('項目名で検索').fill('顧客名')
    await page.keyboard.press('Enter')
    await page.getByText('次のいずれかに列を割り当ててください').waitFor({ state: 'detached' })
    await close()
  })
})

describe('saved mappings', () => {
  test('are kept from a result, renamed, watched, used on a new file and deleted', async () => {
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/imports/new')
    await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: list })
    await page.getByRole('button', { name: '5件を取り込む' }).click()
    await page.getByRole('button', { name: '設定を保存…' }).click()
    await page.getByLabel('設定名').fill('月次の顧客一覧')
    await page.getByRole('button', { name: '設定を保存', exact: true }).click()
    await page.getByText('「月次の顧客一覧」を保存しました').first().waitFor()

    await page.goto('/imports?tab=mappings')
    const menu = page.getByRole('button', { name: '「月次の顧客一覧」への操作' })
    await menu.click()
    await page.getByRole('menuitem', { name: '監視フォルダー…' }).click()
    await page.getByRole('textbox', { name: '監視フォルダー' }).fill('monthly')
    await page.getByText('/monthly/').waitFor()
    await page.getByRole('button', { name: '保存する' }).click()
    await page.getByText('monthly/').first().waitFor()
    await menu.click()
    await page.getByRole('menuitem', { name: 'APIで送る…' }).click()
    const { body } = await company.admin.call(listImportMappings)
    expect(await page.getByRole('dialog').locator('code').textContent()).toContain(
      `/api/v1/import-mappings/${body.items[0]!.id}/uploads`,
    )
    await page.keyboard.press('Escape')

    await menu.click()
    await page.getByRole('menuitem', { name: 'この設定で取り込む' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'next.csv', mimeType: 'text/csv', buffer: list })
    await page.getByRole('button', { name: '5件を取り込む' }).click()
    await page.getByText('0件を取り込みました（1件はエラー）').waitFor()

    await page.goto('/imports?tab=mappings')
    await menu.click()
    await page.getByRole('menuitem', { name: '設定を削除…' }).click()
    await page.getByRole('button', { name: '設定を削除', exact: true }).click()
    await page.getByRole('heading', { name: '保存した設定はありません' }).waitFor()
    await close()
  })
})

test('whoever may not import finds no way there', async () => {
  const reader = await newMember(company, 'read_only')
  const { page, close } = await site.visitAs(reader)
  await page.goto('/imports')
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  expect(await page.getByRole('navigation').first().getByText('インポート').count()).toBe(0)
  expect(await page.getByRole('tab').count()).toBe(0)
  await close()
})

describe.each(['ja', 'en'] as const)('the screens in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds, and fit %s px', async width => {
    const assignments = [{ column: '会社名', target: 'name' }]
    const body = { name: '会社', kind: 'customers', mapping: { assignments }, folder: 'companies' }
    await company.admin.call(createImportMapping, { body })
    const unfinished = await upload(company.admin, 'customers', list, '顧客一覧_2026年11月_最終版（修正）.csv')
    const visitor = await site.visitAs(company.admin, { locale, width })
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const { page } = visitor
    const check = async (ready: string) => {
      await page.locator(ready).first().waitFor()
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    await page.goto('/imports')
    await check('.k-table tbody a')
    await page.goto('/imports?tab=mappings')
    await check('.k-table tbody tr')
    await page.goto('/imports/new')
    await check('.im-drop')
    await page.goto(`/imports/${unfinished}`)
    await check('.im-cell-bad')
    await page.locator('.im-start [data-kind=primary]').click()
    await check('.im-problems')
    await visitor.close()
    expect((await company.admin.call(listImports)).body.items[0]!.state).toBe('done')
  })
})
