import { sql } from 'kysely'
import { afterAll, beforeAll, test } from 'vitest'
import { createDemoCompany, demoEmail } from '../../server/platform/identity/commands/demo.ts'
import { inAccount } from '../../server/platform/tenancy/transaction.ts'
import { testOrigin, testPassword, stranger } from '../support/factories.ts'
import { type Site, startSite } from '../support/site.ts'

let site: Site
let admin: ReturnType<typeof stranger>
beforeAll(async () => {
  site = await startSite()
  await inAccount(site.application.installation, testOrigin(), account => createDemoCompany(account, testPassword))
  admin = stranger(site.application)
  await admin.send({ method: 'POST', url: '/api/v1/session', payload: { email: demoEmail, password: testPassword } })
  for (const [email, role] of [['tanaka.very.long.address@example.test', 'csm'], ['yamada@example.test', 'analyst'], ['kato@example.test', 'support_l2']])
    await admin.send({ method: 'POST', url: '/api/v1/invitations', payload: { email, role } })
  await admin.send({ method: 'POST', url: '/api/v1/api-keys', payload: { name: '夜間CRM取り込み（本番環境・基幹システム連携用）', role: 'administrator', scopes: ['members.read', 'teams.read'] } })
  const made = await admin.send({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'BI', role: 'analyst', expiresAt: '2027-06-30T00:00:00Z' } })
  await admin.send({ method: 'DELETE', url: `/api/v1/api-keys/${(made.body as { id: string }).id}` })
  await admin.send({ method: 'POST', url: '/api/v1/session', payload: { email: demoEmail, password: 'wrong one' } })
  const me = await admin.send({ method: 'GET', url: '/api/v1/session' })
  const id = (me.body as { tenant: { id: string } }).tenant.id
  await site.application.pool.query(
    `insert into job (tenant_id, name, payload, state, attempts, max_attempts, last_error, run_at)
    values ($1, 'mail.send', '{}', 'failed', 12, 12, 'Error: connect ECONNREFUSED 192.0.2.10:587 while sending to the SMTP server', now() - interval '1 hour'),
    ($1, 'collect.salesforce-import', '{}', 'cancelled', 1, 12, null, now() + interval '1 hour')`, [id])
  await site.application.pool.query(
    `insert into job_schedule (tenant_id, name, cron, time_zone, next_at) values ($1, 'health.compute', '0 6 * * *', 'Asia/Tokyo', now())`, [id])
  void sql
})
afterAll(() => site.end())

const pages = (process.env.SHOTS ?? 'company,members,members?tab=invitations,roles,teams,api-keys,audit,jobs,mailbox').split(',')
test('shots', { timeout: 300_000 }, async () => {
  for (const locale of ['ja', 'en'] as const)
    for (const width of [1440, 390])
      {
        const theme = locale === 'ja' ? 'light' : 'dark'
        const visitor = await site.visitAs(admin, { locale, width, theme })
        await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
        const { page } = visitor
        for (const each of pages) {
          await page.goto(`/settings/${each}`)
          await page.waitForTimeout(1200)
          await page.screenshot({ path: `/tmp/shots/${each.replace(/\W/g, '-')}-${locale}-${width}.png` })
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (over > 0) console.log('OVERFLOW', each, locale, width, over)
        }
        if (!process.env.SHOTS) {
          await page.goto('/settings/audit')
          await page.locator('.k-cell-expand button').nth(2).click()
          const verify = page.getByRole('button', { name: /^(Verify|改ざん)/ })
          await verify.click()
          await page.waitForTimeout(900)
          await page.screenshot({ path: `/tmp/shots/audit-open-${locale}-${width}.png` })
          await page.goto('/settings/api-keys')
          await page.locator('.f-top [data-kind=primary]').click()
          await page.waitForTimeout(400)
          await page.locator('input[name=name]').fill('Test key')
          await page.locator('input[value=some]').check()
          await page.screenshot({ path: `/tmp/shots/key-form-${locale}-${width}.png` })
          await page.locator('input[value=all]').check()
          await page.getByRole('dialog').locator('button[type=submit]').click()
          await page.locator('.k-copy').waitFor()
          await page.screenshot({ path: `/tmp/shots/key-made-${locale}-${width}.png` })
          await page.goto('/settings/teams')
          await page.locator('.f-top [data-kind=primary]').click()
          await page.waitForTimeout(600)
          await page.screenshot({ path: `/tmp/shots/team-form-${locale}-${width}.png` })
          await page.goto('/settings/members')
          await page.locator('.f-top [data-kind=primary]').click()
          await page.waitForTimeout(600)
          await page.screenshot({ path: `/tmp/shots/invite-form-${locale}-${width}.png` })
          await page.goto('/settings/mailbox')
          await page.locator('td .k-link').first().click()
          await page.waitForTimeout(600)
          await page.screenshot({ path: `/tmp/shots/mail-${locale}-${width}.png` })
        }
        console.log(visitor.faults)
        await visitor.context.close()
      }
})
