import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, launchBrowser, type TestBrowser } from './browser.ts'

const good =
  '<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1><p>Text</p></main></body></html>'
const pages: Record<string, string> = {
  '/good': good,
  '/unlabelled': good.replace('<p>Text</p>', '<input type="text">'),
  '/inline-script': good.replace('<p>', '<script>globalThis.ran = true</script><p>'),
  '/missing-image': good.replace('<p>', '<img alt="" src="/nowhere.png"><p>'),
  '/throws': good.replace('<p>', '<script src="/throws.js"></script><p>'),
}

describe.each(['installed', 'package'])('browser support with the %s Chromium', which => {
  let server: Server
  let baseUrl: string
  let browser: TestBrowser

  beforeAll(async () => {
    if (which === 'package') process.env.KIZUNA_TEST_CHROMIUM = 'package'
    else delete process.env.KIZUNA_TEST_CHROMIUM
    server = createServer((request, reply) => {
      if (request.url === '/throws.js') {
        return reply.setHeader('content-type', 'text/javascript').end('throw new Error("thrown on purpose")')
      }
      const page = request.url === '/favicon.ico' ? '' : pages[request.url ?? '']
      reply.statusCode = page === undefined ? 404 : 200
      reply.setHeader('content-type', 'text/html')
      reply.setHeader('content-security-policy', "default-src 'self'; script-src 'self'")
      reply.end(page ?? '')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  test('passes a good page under a strict content security policy', async () => {
    const { page, close } = await browser.newPage({ baseUrl, locale: 'en', theme: 'dark', width: 390 })
    await page.goto('/good')
    expect(
      await page.evaluate(() => [navigator.language, innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]),
    ).toEqual(['en-US', 390, true])
    await expectAccessible(page)
    await close()
  })

  test('names the element at fault', async () => {
    const { page, close } = await browser.newPage({ baseUrl })
    await page.goto('/unlabelled')
    await expect(expectAccessible(page)).rejects.toThrow(/label \(critical\)[\s\S]*<input type="text">/)
    await close()
  })

  test.each([
    ['/inline-script', /inline script/i],
    ['/missing-image', /reply: 404 .*nowhere[.]png/],
    ['/throws', /thrown on purpose/],
  ])('fails on %s', async (path, message) => {
    const { page, close } = await browser.newPage({ baseUrl })
    await page.goto(path, { waitUntil: 'networkidle' })
    await expect(close()).rejects.toThrow(message)
  })
})
