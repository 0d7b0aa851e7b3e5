import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContacts } from '../../server/customers/contacts/commands/save.ts'
import { followAudience } from '../../server/engage/in-app/commands/queue.ts'
import * as contract from '../../server/engage/in-app/contract/messages.ts'
import { changeInAppSource, revealInAppSecret } from '../../server/engage/in-app/contract/sources.ts'
import type { TestPage } from '../support/browser.ts'
import { asSystem, newCompany, type TestCompany } from '../support/factories.ts'
import { newSource } from '../support/ingest.ts'
import { expectAccessibleInBothThemes, type Site, startSite } from '../support/site.ts'

let site: Site
let company: TestCompany
let server: Server
let shop: string
const user = 'user-1'

beforeAll(async () => {
  site = await startSite()
  company = await newCompany(site.application)
  const source = await newSource(company)
  const params = { id: source.id }
  await company.admin.call(changeInAppSource, { params, body: { mode: 'verified' } })
  const { secret } = (await company.admin.call(revealInAppSecret, { params, body: {} })).body
  const userHash = createHmac('sha256', secret).update(user).digest('hex')
  const name = '<img src=x onerror="globalThis.hacked=1">'
  await asSystem(company, ctx =>
    createContacts(ctx, [{ id: randomUUID(), values: { name, externalId: user } }], { origin: 'api' }),
  )
  // The policy of a careful product: no inline script, no inline style, nothing from elsewhere but the tracker.
  const policy = `default-src 'none'; script-src 'self' ${site.address}; connect-src ${site.address}; require-trusted-types-for 'script'`
  server = createServer((request, reply) => {
    reply.setHeader('content-security-policy', policy)
    if (request.url === '/app.js') {
      reply.setHeader('content-type', 'text/javascript')
      return reply.end(`addEventListener('load', () => kizuna.identify('${user}', {}, { userHash: '${userHash}' }))`)
    }
    reply.setHeader('content-type', 'text/html')
    reply.end(
      `<!doctype html><html lang="ja"><head><title>製品</title><script src="${site.address}/tracker.js" data-write-key="${source.writeKey}"
        data-consent="granted" data-messages="on"></script><script src="/app.js"></script></head><body><main><h1>製品</h1><button>先へ</button></main></body></html>`,
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server?.close()
  await site.end()
})

async function write(document: object): Promise<string> {
  const audience = { kind: 'condition', condition: { all: [] } }
  const made = await company.admin.call(contract.createInAppMessage, {
    body: { name: 'お知らせ', document: { audience, ...document } as never },
  })
  expect(made.problem.detail).toBeUndefined()
  const { id } = made.body
  await company.admin.call(contract.updateInAppMessage, { params: { id }, body: { state: 'enabled' } })
  await asSystem(company, ctx => followAudience(ctx, id))
  return id
}
const figures = async (id: string) =>
  (await company.admin.call(contract.getInAppMessage, { params: { id } })).body.figures
const remove = (id: string) => company.admin.call(contract.deleteInAppMessage, { params: { id } })
const open = async (): Promise<TestPage> => {
  const visitor = await site.visit({ baseUrl: shop })
  await visitor.page.goto('/home')
  return visitor
}
const wait = { timeout: 15_000, interval: 100 }

describe('EML-4: messages on a page of another origin with a strict policy', () => {
  it('EML-4, C3: a banner shows text as text, runs nothing, is closed by the keyboard and stays closed', async () => {
    const attack = '<script>globalThis.hacked=1</script><svg onload="globalThis.hacked=1">{{ contact.name }}'
    const id = await write({ kind: 'banner', content: { ja: { title: attack, text: attack } } })
    const visitor = await open()
    const banner = visitor.page.getByRole('region', { name: '<script>' })
    await banner.waitFor()
    expect(await banner.textContent()).toContain('<svg onload="globalThis.hacked=1"><img src=x onerror=')
    expect(await banner.locator('script, svg, img').count()).toBe(0)
    expect(await banner.evaluate(element => getComputedStyle(element).position)).toBe('fixed')
    expect(await visitor.page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined()
    const close = banner.getByRole('button', { name: '閉じる' })
    await close.focus()
    await visitor.page.keyboard.press('Escape')
    await expect.poll(() => banner.count(), wait).toBe(0)
    await expect.poll(() => figures(id), wait).toMatchObject({ shown: 1, dismissed: 1 })
    const asked = visitor.page.waitForResponse('**/v1/in-app')
    await visitor.page.reload()
    expect(await (await asked).json()).toEqual({ messages: [] })
    expect(await visitor.page.getByRole('region').count()).toBe(0)
    await visitor.close()
    await remove(id)
  })

  it('EML-4: a window takes the focus and Escape closes it; a checklist says what is done', async () => {
    const link = 'https://example.test/plan'
    const modal = await write({ kind: 'modal', content: { ja: { title: '新しい機能', button: '見る' } }, link })
    const items = [{ ja: '仲間を招待する', event: 'Invited', link }]
    const list = await write({ kind: 'checklist', content: { ja: { title: 'はじめに' } }, items })
    const visitor = await open()
    const dialog = visitor.page.getByRole('dialog', { name: '新しい機能' })
    await dialog.waitFor()
    expect(await dialog.getByRole('link', { name: '見る' }).getAttribute('href')).toBe(link)
    expect(
      await dialog.evaluate(element => element.contains((element.getRootNode() as ShadowRoot).activeElement)),
    ).toBe(true)
    await visitor.page.keyboard.press('Escape')
    await expect.poll(() => dialog.count(), wait).toBe(0)
    const checklist = visitor.page.getByRole('region', { name: 'はじめに' })
    expect(await checklist.getByRole('listitem').textContent()).toContain('未完了')
    await expect.poll(() => figures(modal), wait).toMatchObject({ shown: 1, dismissed: 1 })
    await expect.poll(() => figures(list), wait).toMatchObject({ shown: 1, dismissed: 0 })
    await visitor.close()
    for (const id of [modal, list]) await remove(id)
  })
})

describe('EML-4: the screens', () => {
  it.each(['ja', 'en'] as const)('EML-4: makes and enables a message (%s)', async locale => {
    const visitor = await site.visitAs(company.admin, { locale })
    await visitor.context.addInitScript(`localStorage.setItem('kizuna.locale', '${locale}')`)
    const { page } = visitor
    const say = (ja: string, en: string) => (locale === 'ja' ? ja : en)
    await page.goto('/messages', { waitUntil: 'networkidle' })
    await page.getByRole('link', { name: say('アプリ内', 'In the product'), exact: true }).click()
    await page.waitForURL('**/messages/in-app')
    await page.waitForLoadState('networkidle')
    await expectAccessibleInBothThemes(visitor)
    await page.goto('/messages/in-app/new', { waitUntil: 'networkidle' })
    await page.getByRole('textbox', { name: say('名前', 'Name') }).fill(`n ${locale}`)
    await page.getByRole('textbox', { name: say('見出し', 'Title') }).fill('こんにちは')
    await expectAccessibleInBothThemes(visitor)
    await page.getByRole('button', { name: say('作成', 'Make'), exact: true }).click()
    await page.waitForURL(/in-app\/[0-9a-f-]{36}/)
    await page.getByRole('textbox', { name: say('見出し', 'Title') }).fill('まだ保存していない見出し')
    await page.getByRole('button', { name: say('有効にする', 'Enable') }).click()
    await page.getByRole('button', { name: say('一時停止する', 'Pause') }).waitFor()
    const { items } = (await company.admin.call(contract.listInAppMessages)).body
    const { id } = items.find(({ name }) => name === `n ${locale}`)!
    const { document, state } = (await company.admin.call(contract.getInAppMessage, { params: { id } })).body
    expect([state, Object.values(document.content).map(words => words?.title)]).toEqual([
      'enabled',
      ['まだ保存していない見出し'],
    ])
    await visitor.close()
  })
})
