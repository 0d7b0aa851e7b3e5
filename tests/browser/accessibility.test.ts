import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestPasswordReset } from '../../server/platform/identity/contract/account.ts'
import { inviteMember } from '../../server/platform/identity/contract/company.ts'
import type { TestPage } from '../support/browser.ts'
import { newCompany, newMember, newPerson, type TestCompany, testPassword } from '../support/factories.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application, '株式会社みなとみらいデジタルトランスフォーメーション')
  await newMember(company, 'support_l2', { name: 'ムハンマド・アブドゥルラフマーン・アルサウード' })
})
afterAll(() => site.end())

async function invitationLink(email: string): Promise<string> {
  await company.admin.call(inviteMember, { body: { email, role: 'csm' } })
  return site.linkTo(email, 'invitation')
}

async function fitsWidth({ page }: TestPage): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(over, page.url()).toBeLessThanOrEqual(0)
}

describe.each(['ja', 'en'] as const)('screens in %s', locale => {
  test('before the sign-in have no fault that axe finds, and fit a phone', async () => {
    const known = await newPerson(site.application)
    await company.admin.call(requestPasswordReset, { body: { email: known.email } })
    const addresses = [
      '/sign-up',
      '/sign-in',
      '/second-factor',
      '/reset',
      '/verify',
      '/invitation',
      '/docs#createApiKey',
      await site.linkTo(known.email, 'reset_password'),
      await invitationLink(known.email),
      await invitationLink(`new-${randomUUID()}@example.test`),
    ]
    const visitor = await site.visit({ locale, width: 390 })
    for (const address of addresses) {
      await visitor.page.goto('about:blank')
      await visitor.page.goto(address, { waitUntil: 'networkidle' })
      await expectAccessibleInBothThemes(visitor)
      await fitsWidth(visitor)
    }
    await visitor.page.goto('/sign-up')
    await visitor.page.locator('button[type=submit]').click()
    await visitor.page.locator('[aria-invalid=true]').first().waitFor()
    await expectAccessibleInBothThemes(visitor)
    await visitor.page.goto('/reset')
    await visitor.page.locator('input[name=email]').fill('somebody@example.test')
    await visitor.page.locator('button[type=submit]').click()
    await visitor.page.locator('button[disabled]').waitFor()
    await expectAccessibleInBothThemes(visitor)
    await visitor.close()
  })

  test.each([1440, 390])('behind the sign-in have no fault that axe finds, %s px wide', async width => {
    const visitor = await site.visitAs(company.admin, { locale, width })
    const { page } = visitor
    // The account is Japanese; this browser has a choice of its own.
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    for (const address of [
      '/',
      '/churn',
      '/churn/customers',
      '/settings/churn',
      '/settings/profile',
      '/settings/security',
      '/nowhere',
    ]) {
      await page.goto(address)
      await page.locator('main :is(section, .k-empty) > * h2, main .k-empty h2').first().waitFor()
      await expectAccessibleInBothThemes(visitor)
      await fitsWidth(visitor)
    }
    await page.goto('/settings/profile')
    await page.locator('.k-search-select').click()
    await page.keyboard.type('new york')
    await page.locator('.k-search-list [role=option]').waitFor()
    await expectAccessibleInBothThemes(visitor)
    await page.goto('/settings/security')
    await page.locator('main [data-kind=primary]').click()
    await page.getByRole('dialog').locator('input[name=password]').fill(testPassword)
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await expectAccessibleInBothThemes(visitor)
    await visitor.close()
  })
})
