import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMember } from '../../server/platform/identity/commands/provision.ts'
import { revokeMyOtherSessions, switchTenant } from '../../server/platform/identity/contract/account.ts'
import { Caller } from '../support/application.ts'
import { asSystem, newCompany, newMember, testPassword } from '../support/factories.ts'
import { type Site, startSite } from '../support/site.ts'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.end())

test('signing in leads back to where one wanted to go, and never to another site', async () => {
  const { admin } = await newCompany(site.application)
  const { page, close } = await site.visit()
  await page.goto('/sign-in?to=//evil.example/settings')
  await page.getByLabel('メールアドレス').fill(admin.email)
  await page.getByLabel('パスワード', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'サインイン', exact: true }).click()
  await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
  expect(page.url()).toBe(`${site.address}/`)
  await close()
})

test('a session that was ended elsewhere leads to the sign-in, and from there back', async () => {
  const { admin } = await newCompany(site.application)
  const { page, close } = await site.visitAs(admin)
  const live = page.waitForResponse('**/api/v1/live')
  await page.goto('/settings/profile')
  await live
  await page.getByLabel('氏名').fill('佐藤 みさき')
  const elsewhere = new Caller(site.application)
  await elsewhere.send({
    method: 'POST',
    url: '/api/v1/session',
    payload: { email: admin.email, password: testPassword },
  })
  expect((await elsewhere.call(revokeMyOtherSessions)).status).toBe(204)
  await page.getByRole('button', { name: '保存する' }).click()
  await page.waitForURL('**/sign-in?to=%2Fsettings%2Fprofile')
  await close()
})

test('keys and palette go to the screens; the language is kept for the account, too', async () => {
  const { admin } = await newCompany(site.application)
  const { page, close } = await site.visitAs(admin)
  await page.goto('/')
  await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.waitForURL('**/settings/profile')
  await page.getByRole('heading', { name: 'プロフィール' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('セキュリティ')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/settings/security')

  await page.getByRole('button', { name: '言語' }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Security' }).waitFor()
  await close()

  // A browser that speaks Japanese, where nobody has chosen: the account decides.
  const other = await site.visitAs(admin)
  await other.page.goto('/')
  await other.page.getByRole('heading', { name: 'Today', exact: true }).waitFor()
  await other.close()
})

test('what a colleague does appears without loading the page again (live updates)', async () => {
  const company = await newCompany(site.application)
  const { page, close } = await site.visitAs(company.admin)
  const live = page.waitForResponse('**/api/v1/live')
  await page.goto('/')
  await live
  await page.getByRole('heading', { name: 'メンバー' }).waitFor()
  await newMember(company, 'csm', { name: '高橋 健司' })
  await page.getByText('高橋 健司').waitFor()
  await close()
})

test('a switch of the company in another tab is said before anything is written into the wrong one (TEN-1)', async () => {
  const first = await newCompany(site.application, '株式会社みなと商事')
  const second = await newCompany(site.application, '北辰精密工業株式会社')
  await asSystem(second, ctx => addMember(ctx, first.admin.userId, 'csm'))
  const visitor = await site.visitAs(first.admin)
  const { page, close } = visitor
  await page.goto('/')
  await page.getByRole('button', { name: '会社を切り替え' }).click()
  await page.getByRole('menuitemradio', { name: '北辰精密工業株式会社' }).click()
  await page.getByText('北辰精密工業株式会社').first().waitFor()
  await page.getByRole('button', { name: '会社を切り替え。現在: 北辰精密工業株式会社' }).waitFor()

  expect((await first.admin.call(switchTenant, { body: { tenantId: first.tenantId } })).status).toBe(204)
  await page.getByRole('link', { name: '設定', exact: true }).click()
  await page.getByLabel('氏名').fill('佐藤 みさき')
  await page.getByRole('button', { name: '保存する' }).click()
  await page.getByRole('dialog', { name: '別の会社が開かれています' }).waitFor()
  await page.getByRole('button', { name: '読み込み直す' }).click()
  await page.getByRole('button', { name: '会社を切り替え。現在: 株式会社みなと商事' }).waitFor()
  await close()
})
