import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDemoCompany, demoEmail } from '../../server/platform/identity/commands/demo.ts'
import { listMails } from '../../server/platform/mail/contract.ts'
import { inAccount } from '../../server/platform/tenancy/transaction.ts'
import type { Caller } from '../support/application.ts'
import { newCompany, newMember, stranger, type TestCompany, testOrigin, testPassword } from '../support/factories.ts'
import { finishJobs } from '../support/mails.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let demo: Caller
beforeAll(async () => {
  site = await startSite()
  await inAccount(site.application.installation, testOrigin(), account => createDemoCompany(account, testPassword))
  demo = stranger(site.application)
  await demo.send({ method: 'POST', url: '/api/v1/session', payload: { email: demoEmail, password: testPassword } })
  await finishJobs(site.application)
})
afterAll(() => site.end())

/** The row of a table that holds a text. */
function row(page: Page, text: string) {
  return page.locator('tr[data-row]', { hasText: text })
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: site.application.database.superuserUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function addFailedJob(company: TestCompany): Promise<void> {
  await site.application.pool.query(
    `insert into job (tenant_id, name, payload, state, attempts, max_attempts, last_error, run_at)
    values ($1, 'mail.send', '{}', 'failed', 12, 12, 'connect ECONNREFUSED', now())`,
    [company.tenantId],
  )
}

describe('members', () => {
  test('a colleague is invited, listed, and the audit log tells of it (SEC-1)', async () => {
    const company = await newCompany(site.application)
    const { page, close } = await site.visitAs(company.admin)
    const email = `new-${randomUUID().slice(0, 8)}@example.test`
    await page.goto('/settings/members')
    await page.getByRole('button', { name: '招待する' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('仕事用メールアドレス').fill(email)
    await dialog.getByLabel('役割').selectOption('analyst')
    await dialog.getByRole('button', { name: '招待メールを送信' }).click()
    await page.getByText(`${email} に招待メールを送信しました`).waitFor()
    await row(page, email).getByText('招待中').waitFor()
    expect(await site.linkTo(email, 'invitation')).toContain('/invitation#')

    await page.getByRole('link', { name: '監査ログ' }).click()
    await row(page, '招待を送信').getByText('佐藤 美咲').waitFor()
    await row(page, '招待を送信').getByRole('button').click()
    await page.locator('tr[data-detail]').getByText('分析担当').waitFor()

    await page.getByRole('link', { name: 'メンバー', exact: true }).click()
    await page.getByRole('tab', { name: '招待' }).click()
    await row(page, email).getByRole('button').click()
    await page.getByRole('menuitem', { name: '取り消す…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: '招待を取り消す' }).click()
    await row(page, email).getByText('取り消し').waitFor()
    await close()
  })

  test('a role changes in its row and is taken back; making an administrator is asked for first', async () => {
    const company = await newCompany(site.application)
    const member = await newMember(company, 'csm', { name: '大西 茜' })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/members')
    const choice = page.getByLabel('大西 茜の役割')
    await choice.selectOption('analyst')
    await page.getByText('大西 茜の役割を「分析担当」に変更しました').waitFor()
    await page.getByRole('button', { name: '元に戻す' }).click()
    await expect.poll(() => choice.inputValue()).toBe('csm')

    await choice.selectOption('administrator')
    const question = page.getByRole('alertdialog')
    await question.getByRole('button', { name: 'やめる' }).click()
    expect(await choice.inputValue()).toBe('csm')
    await choice.selectOption('administrator')
    await question.getByRole('button', { name: '役割を変更' }).click()
    await page.getByText('「管理者」に変更しました').waitFor()

    await page.getByLabel('氏名・メールアドレスで検索').fill('茜')
    await expect.poll(() => page.locator('tr[data-row]').count()).toBe(1)
    await row(page, '大西 茜').getByRole('button', { name: '大西 茜を除外' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'メンバーを除外' }).click()
    await page.getByRole('heading', { name: '該当するメンバーがいません' }).waitFor()
    expect((await member.send({ method: 'GET', url: '/api/v1/members' })).status).toBe(403)
    await close()
  })

  test('whoever may not manage sees names without actions, and words in place of closed pages', async () => {
    const company = await newCompany(site.application)
    const csm = await newMember(company, 'csm', { name: '大西 茜' })
    const { page, close } = await site.visitAs(csm)
    await page.goto('/settings/members')
    await row(page, '大西 茜').waitFor()
    expect(await page.locator('main select[aria-label$="の役割"]').count()).toBe(0)
    expect(await page.getByRole('button', { name: '招待する' }).count()).toBe(0)
    await page.goto('/settings/company')
    await page.getByText('設定を変更できるのは管理者のみです').waitFor()
    await page.goto('/settings/api-keys')
    await page.getByRole('heading', { name: 'このページは開けません' }).waitFor()
    await page.goto('/settings/audit')
    await page.getByText('ご自身の操作だけを表示しています').waitFor()
    expect(await page.getByRole('button', { name: '改ざんを検証' }).count()).toBe(0)
    await close()
  })
})

describe('company', () => {
  test('its settings are changed, and a taken address is said at its field', async () => {
    const [company, other] = [await newCompany(site.application), await newCompany(site.application)]
    const { body } = await other.admin.send({ method: 'GET', url: '/api/v1/company' })
    const { slug } = body as { slug: string }
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/company')
    await page.getByLabel('会社名').fill('株式会社みなとみらい')
    await page.getByLabel('会社のアドレス').fill(slug)
    await page.getByLabel('会計年度の開始月').selectOption('10')
    await page.getByRole('button', { name: '保存する' }).click()
    await page.getByText('このアドレスは使われています').first().waitFor()
    await page.getByLabel('会社のアドレス').fill(`new-${randomUUID().slice(0, 8)}`)
    await page.getByRole('button', { name: '保存する' }).click()
    await page.getByText('保存しました', { exact: true }).waitFor()
    await page.getByRole('navigation', { name: '主なメニュー' }).first().getByText('株式会社みなとみらい').waitFor()
    await close()
  })
})

describe('teams', () => {
  test('a team is made, renamed and dissolved', async () => {
    const company = await newCompany(site.application)
    await newMember(company, 'csm', { name: '大西 茜' })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/teams')
    await page.getByRole('heading', { name: 'チームはまだありません' }).waitFor()
    await page.locator('header').getByRole('button', { name: 'チームを作成' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('チーム名').fill('エンタープライズ')
    await dialog.getByLabel('氏名・メールアドレスで検索').fill('大西')
    await dialog.getByRole('checkbox').check()
    await dialog.getByRole('button', { name: '作成する' }).click()
    await row(page, 'エンタープライズ').getByText('大西 茜').waitFor()

    const act = async (name: string) => {
      await page.getByRole('button', { name: /への操作$/ }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await act('編集…')
    await dialog.getByLabel('チーム名').fill('大企業')
    await dialog.getByRole('button', { name: '保存する' }).click()
    await row(page, '大企業').getByText('大西 茜').waitFor()
    await act('解散…')
    await page.getByRole('alertdialog').getByRole('button', { name: 'チームを解散' }).click()
    await page.getByRole('heading', { name: 'チームはまだありません' }).waitFor()
    await close()
  })
})

describe('API keys', () => {
  test('a key is shown once, works within its permissions, and no more when it is revoked', async () => {
    const company = await newCompany(site.application)
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/api-keys')
    await page.locator('header').getByRole('button', { name: 'APIキーを作成' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('名前').fill('夜間取り込み')
    await dialog.getByLabel('役割', { exact: true }).selectOption('analyst')
    await dialog.getByRole('radio', { name: /一部の権限に限定/ }).check()
    await dialog.getByRole('button', { name: '作成する' }).click()
    await dialog.getByText('権限を1つ以上選んでください').waitFor()
    await dialog.getByRole('checkbox', { name: /メンバーの閲覧/ }).check()
    await dialog.getByRole('button', { name: '作成する' }).click()
    const key = (await dialog.getByRole('group', { name: 'APIキー' }).locator('code').textContent()) ?? ''
    expect(await dialog.locator('pre').textContent()).toContain(`${site.address}/api/v1/members`)
    await dialog.getByRole('button', { name: '保管しました' }).click()
    await row(page, '夜間取り込み').getByText('1件に限定').waitFor()

    const ask = async (path: string) =>
      (await fetch(`${site.address}${path}`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await ask('/api/v1/members')).toBe(200)
    expect(await ask('/api/v1/teams')).toBe(403)
    await row(page, '夜間取り込み').getByRole('button', { name: '夜間取り込みを失効' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'キーを失効' }).click()
    await page.getByText('APIキー「夜間取り込み」を失効しました').waitFor()
    expect(await ask('/api/v1/members')).toBe(401)
    await close()
  })
})

describe('the audit log', () => {
  test('is filtered in the address, exported and verified; a changed line is found', async () => {
    const company = await newCompany(site.application)
    const member = await newMember(company, 'csm', { name: '大西 茜' })
    await member.send({ method: 'GET', url: '/api/v1/api-keys' })
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/audit')
    await row(page, '会社を登録').waitFor()
    await page.getByLabel('結果').selectOption('refused')
    await page.waitForURL('**/settings/audit?outcome=refused')
    await row(page, '権限のない操作を試行').getByText('大西 茜').waitFor()
    expect(await page.locator('tr[data-row]').count()).toBe(1)
    await page.getByLabel('操作', { exact: true }).selectOption('team')
    await page.getByRole('heading', { name: '該当する記録がありません' }).waitFor()
    await page.getByRole('main').getByRole('button', { name: '条件を解除' }).first().click()
    await page.getByRole('button', { name: '過去30日に絞る' }).click()
    await row(page, '会社を登録').waitFor()
    await page.getByRole('button', { name: '全期間' }).click()

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: '書き出し' }).click()
    expect((await download).suggestedFilename()).toMatch(/^audit-.+\.jsonl$/)

    await page.getByRole('button', { name: '改ざんを検証' }).click()
    await page.getByText('改ざんはありません').waitFor()
    await asSuperuser(
      `update audit_entry set outcome = 'failed' where tenant_id = '${company.tenantId}' and sequence = 1`,
    )
    await page.getByRole('button', { name: '改ざんを検証' }).click()
    await page.getByText('1番の行が変更されています').waitFor()
    await close()
  })
})

describe('jobs', () => {
  test('a failed job is seen with its error, tried again and cancelled', async () => {
    const company = await newCompany(site.application)
    await finishJobs(site.application)
    await addFailedJob(company)
    const { page, close } = await site.visitAs(company.admin)
    await page.goto('/settings/jobs?state=failed')
    await row(page, 'メールの送信').getByText('connect ECONNREFUSED').waitFor()
    const act = async (name: string) => {
      await page.getByRole('button', { name: /メールの送信.*への操作/ }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await act('今すぐ再実行')
    await page.getByText('「メールの送信」を再実行します').waitFor()
    await page.getByLabel('状態').selectOption('waiting')
    await act('中止…')
    await page.getByRole('alertdialog').getByRole('button', { name: 'ジョブを中止' }).click()
    await page.getByText('「メールの送信」を中止しました').waitFor()
    await close()
  })
})

describe('the mailbox', () => {
  test('shows the mails of the demo, with links that lead on', async () => {
    const email = `guest-${randomUUID().slice(0, 8)}@example.test`
    await demo.send({ method: 'POST', url: '/api/v1/invitations', payload: { email, role: 'csm' } })
    expect((await demo.call(listMails)).status).toBe(200)
    const { page, close } = await site.visitAs(demo)
    await page.goto('/settings/mailbox')
    await row(page, email).getByRole('button').click()
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /\/invitation#/ })
      .click()
    await page.waitForURL('**/invitation')
    await page.getByText(email).waitFor()
    await close()
  })
})

const pages = [
  'company',
  'members',
  'members?tab=invitations',
  'roles',
  'teams',
  'api-keys',
  'audit',
  'jobs',
  'mailbox',
]

describe.each(['ja', 'en'] as const)('the screens in %s', locale => {
  test.each([1440, 390])('have no fault that axe finds and fit their width, %s px wide', async width => {
    const visitor = await site.visitAs(demo, { locale, width })
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const { page } = visitor
    const look = async () => {
      await expectAccessibleInBothThemes(visitor)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    for (const each of pages) {
      await page.goto(`/settings/${each}`)
      await page.locator('main :is(.k-table tbody tr:not([aria-hidden]), .k-form, .k-empty)').first().waitFor()
      await look()
    }
    for (const each of ['members', 'teams', 'api-keys']) {
      await page.goto(`/settings/${each}`)
      await page.locator('.f-top [data-kind=primary]').click()
      await page.getByRole('dialog').locator('input[name]').first().waitFor()
      await look()
    }
    await page.goto('/settings/audit')
    await page.locator('.k-cell-expand button').first().click()
    await look()
    await visitor.close()
  })
})
