import { readFileSync } from 'node:fs'
import { launchBrowser } from '../tests/support/browser.ts'
const base = 'http://localhost:3999'
const s = JSON.parse(readFileSync('/tmp/kdata/demo-sign-in.json', 'utf8'))
const b = await launchBrowser()
const wanted = JSON.parse(process.argv[2]!) as { name: string; path: string; locale?: 'ja' | 'en'; theme?: 'dark'; width?: number; do?: string; full?: boolean }[]
const sets = Map.groupBy(wanted, w => `${w.locale ?? 'ja'} ${w.theme ?? 'light'} ${w.width ?? 1440}`)
for (const list of sets.values()) {
  const w0 = list[0]!
  const { page, faults } = await b.newPage({ locale: w0.locale, theme: w0.theme, width: w0.width, baseUrl: base })
  await page.goto('/sign-in')
  await page.locator('input[type=email]').fill(s.email)
  await page.locator('input[type=password]').fill(s.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(base + '/')
  for (const w of list) {
    await page.goto(w.path)
    await page.waitForTimeout(2500)
    if (w.do) { await page.evaluate(w.do); await page.waitForTimeout(1500) }
    await page.screenshot({ path: `/tmp/shots/${w.name}.png`, fullPage: w.full ?? false })
  }
  console.log([...sets.keys()].join('|'), faults)
}
await b.close()
