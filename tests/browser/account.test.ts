import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newCompany, newPerson, testPassword } from '../support/factories.ts'
import { type Site, startSite } from '../support/site.ts'

const password = 'よく乾いた木の橋 42'

let site: Site
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.end())

async function signIn(page: Page, email: string, secret = testPassword): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('メールアドレス').fill(email)
  await page.getByLabel('パスワード', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'サインイン', exact: true }).click()
}

/** What the app shows; `steps` of 30 seconds ahead, since each code is taken once and later ones only. */
function codeOf(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * 30_000
  return new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp })
}

describe('signing up', () => {
  test('a company signs up, confirms the address by mail, signs in and stands on its home (SEC-1, TEN-1)', async () => {
    const { page, close } = await site.visit()
    const email = `misaki-${randomUUID().slice(0, 8)}@example.test`
    await page.goto('/sign-in')
    await page.getByRole('link', { name: '会社を登録' }).click()
    await page.getByLabel('会社名').fill('Minato Cloud, Inc.')
    expect(await page.getByLabel('会社のアドレス').inputValue()).toBe('minato-cloud')
    await page.getByLabel('会社名').fill('株式会社みなとクラウド')
    expect(await page.getByLabel('会社のアドレス').inputValue()).toBe('')
    await page.getByLabel('会社のアドレス').fill('minato-cloud')
    await page.getByLabel('お名前').fill('佐藤 美咲')
    await page.getByLabel('メールアドレス').fill(email)
    await page.getByLabel('パスワード', { exact: true }).fill('12345678')
    await page.getByRole('button', { name: '登録する' }).click()
    await page.getByText('よく使われるパスワード').waitFor()
    expect(await page.getByLabel('お名前').inputValue()).toBe('佐藤 美咲')
    await page.getByLabel('パスワード', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登録する' }).click()
    await page.getByRole('heading', { name: 'メールをご確認ください' }).waitFor()

    await signIn(page, email, password)
    await page.getByText('確認が済んでいません').waitFor()

    const link = await site.linkTo(email, 'verify_email')
    await page.goto(link)
    await page.getByRole('heading', { name: '確認が完了しました' }).waitFor()
    expect(page.url()).toBe(`${site.address}/verify`)
    await page.getByRole('link', { name: 'サインイン', exact: true }).click()
    await page.getByLabel('メールアドレス').fill(email)
    await page.getByLabel('パスワード', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'サインイン', exact: true }).click()

    await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
    await page.getByText('5件中1件完了').waitFor()
    expect(await page.getByRole('navigation', { name: '主なメニュー' }).first().textContent()).toContain(
      'みなとクラウド',
    )
    await close()
  })

  test('a link that no longer works offers a new mail', async () => {
    const { page, close } = await site.visit({ locale: 'en' })
    await page.goto('/verify#kzv_this-link-is-worn-out')
    await page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
    await page.getByLabel('E-mail address').fill('nobody@example.test')
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await close()
  })
})

describe('the second factor', () => {
  test('is set up with an app, asked for at the next sign-in, and a recovery code does as well (SEC-1)', async () => {
    const { admin } = await newCompany(site.application)
    const { page, close } = await site.visit()
    await page.goto('/settings/security')
    await page.waitForURL('**/sign-in?to=*')
    await page.getByLabel('メールアドレス').fill(admin.email)
    await page.getByLabel('パスワード', { exact: true }).fill(testPassword)
    await page.getByRole('button', { name: 'サインイン', exact: true }).click()
    await page.waitForURL('**/settings/security')

    await page.getByRole('button', { name: '設定する' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('パスワード', { exact: true }).fill(testPassword)
    await dialog.getByRole('button', { name: '次へ' }).click()
    await dialog.getByRole('img', { name: '認証アプリ用のQRコード' }).waitFor()
    const secret = (await dialog.locator('code').textContent()) ?? ''
    await dialog.getByLabel('確認コード').fill(codeOf(secret))
    await dialog.getByRole('button', { name: '二段階認証を有効にする' }).click()
    const codes = dialog.getByRole('list', { name: '回復コード' }).locator('code')
    await codes.first().waitFor()
    expect(await codes.count()).toBe(10)
    const recoveryCode = (await codes.first().textContent()) ?? ''
    await dialog.getByRole('button', { name: '保管しました' }).click()
    await page.getByText('有効', { exact: true }).waitFor()

    const signOut = async () => {
      await page.getByRole('button', { name: '佐藤 美咲' }).click()
      await page.getByRole('menuitem', { name: 'サインアウト' }).click()
      await page.getByRole('heading', { name: 'Kizunaにサインイン' }).waitFor()
    }
    await signOut()
    await signIn(page, admin.email)
    await page.getByRole('heading', { name: '確認コードを入力' }).waitFor()
    await page.getByLabel('確認コード').fill('000000')
    await page.getByRole('button', { name: 'サインイン', exact: true }).click()
    await page.getByText('コードが正しくないか').first().waitFor()
    await page.getByLabel('確認コード').fill(codeOf(secret, 1))
    await page.getByRole('button', { name: 'サインイン', exact: true }).click()
    await page.getByRole('heading', { name: '今日の仕事' }).waitFor()

    await signOut()
    await signIn(page, admin.email)
    await page.getByRole('button', { name: '回復コードを使う' }).click()
    await page.getByLabel('回復コード').fill(recoveryCode)
    await page.getByRole('button', { name: 'サインイン', exact: true }).click()
    await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
    await close()
  })
})

describe('a forgotten password', () => {
  test('is replaced by a link of a mail, which works once', async () => {
    const { admin } = await newCompany(site.application)
    const { page, close } = await site.visit()
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'パスワードをお忘れの方' }).click()
    // The sign-in page has a field of the same name, until the next page has come.
    await page.getByRole('button', { name: 'メールを送信する' }).waitFor()
    await page.getByLabel('メールアドレス').fill(admin.email)
    await page.getByRole('button', { name: 'メールを送信する' }).click()
    await page.getByRole('heading', { name: 'メールをご確認ください' }).waitFor()

    const link = await site.linkTo(admin.email, 'reset_password')
    await page.goto(link)
    await page.getByLabel('新しいパスワード').fill(password)
    expect(page.url()).toBe(`${site.address}/reset`)
    await page.getByRole('button', { name: 'パスワードを設定する' }).click()
    await page.getByRole('heading', { name: 'パスワードを設定しました' }).waitFor()

    await page.goto('about:blank')
    await page.goto(link)
    await page.getByLabel('新しいパスワード').fill('何か別のもの 77')
    await page.getByRole('button', { name: 'パスワードを設定する' }).click()
    await page.getByText('すでに使われています').waitFor()

    await signIn(page, admin.email, password)
    await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
    await close()
  })
})

describe('an invitation', () => {
  async function invited(email: string): Promise<string> {
    const company = await newCompany(site.application)
    const reply = await company.admin.send({
      method: 'POST',
      url: '/api/v1/invitations',
      payload: { email, role: 'csm' },
    })
    expect(reply.status).toBe(201)
    return site.linkTo(email, 'invitation')
  }

  test('brings a new colleague in, in their own language', async () => {
    const email = `new-${randomUUID().slice(0, 8)}@example.test`
    const link = await invited(email)
    const { page, close } = await site.visit({ locale: 'en' })
    await page.goto(link)
    await page.getByRole('heading', { name: 'Join 株式会社みなと商事' }).waitFor()
    expect(page.url()).toBe(`${site.address}/invitation`)
    await page.getByText(email).waitFor()
    await page.getByLabel('Your name').fill('Alex Kim')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('heading', { name: 'Today', exact: true }).waitFor()
    await page.getByRole('list').getByText('Alex Kim').waitFor()
    expect(await page.getByText('Make an API key').count()).toBe(0)

    await page.goto('about:blank')
    await page.goto(link)
    await page.getByRole('heading', { name: 'This invitation no longer works' }).waitFor()
    await close()
  })

  test('asks somebody known for their password', async () => {
    const person = await newPerson(site.application)
    const link = await invited(person.email)
    const { page, close } = await site.visit()
    await page.goto(link)
    await page.getByLabel('パスワード', { exact: true }).fill('wrong password')
    await page.getByRole('button', { name: '参加する' }).click()
    await page.getByText('パスワードが正しくありません').first().waitFor()
    await page.getByLabel('パスワード', { exact: true }).fill(testPassword)
    await page.getByRole('button', { name: '参加する' }).click()
    await page.getByRole('heading', { name: '今日の仕事' }).waitFor()
    await close()
  })
})
