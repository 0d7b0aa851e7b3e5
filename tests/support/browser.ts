import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

// Nothing of the browser's own traffic: tests run without a network.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  // Nor a GPU in software: the packaged Chromium looks for one in vain, again and again.
  '--disable-software-rasterizer',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export interface PageOptions {
  locale?: 'ja' | 'en'
  theme?: 'light' | 'dark'
  /** CSS pixels; the height follows: 900, or 844 on a phone's width. */
  width?: number
  /** Address that relative ones in `goto` start from. */
  baseUrl?: string
}

export interface TestBrowser {
  /** A page in a context (cookies, storage) of its own. */
  newPage(options?: PageOptions): Promise<TestPage>
  close(): Promise<void>
}

export interface TestPage {
  page: Page
  context: BrowserContext
  /** Faults so far: exceptions, console errors, violations of the content security policy, failed resources, replies of 500 or more. */
  faults: string[]
  /** Closes the context; fails when a fault was seen. Clear `faults` of what a journey expects. */
  close(): Promise<void>
}

/** Starts a headless Chromium; close it in `afterAll`. */
export async function launchBrowser(): Promise<TestBrowser> {
  const { executable, environment } = await findChromium()
  const browser = await chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...environment },
    headless: true,
    args: flags,
  })
  return { newPage: options => newPage(browser, options ?? {}), close: () => browser.close() }
}

async function newPage(browser: Browser, options: PageOptions): Promise<TestPage> {
  const width = options.width ?? 1440
  const context = await browser.newContext({
    locale: options.locale === 'en' ? 'en-US' : 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    colorScheme: options.theme ?? 'light',
    // Animations would make screenshots and contrast a matter of the moment.
    reducedMotion: 'reduce',
    viewport: { width, height: width < 768 ? 844 : 900 },
    baseURL: options.baseUrl,
  })
  context.setDefaultTimeout(10_000)
  const faults: string[] = []
  context.on('page', page => watch(page, faults))
  const page = await context.newPage()
  return {
    page,
    context,
    faults,
    async close() {
      const address = page.isClosed() ? '' : page.url()
      await context.close()
      if (faults.length > 0) throw new Error(`The page ${address} had faults:\n- ${faults.join('\n- ')}`)
    },
  }
}

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', error => faults.push(`exception: ${error.stack ?? error.message}`))
  page.on('console', message => {
    // Chromium reports each reply of 400 or more here as well; `response` below tells the expected ones apart.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return
    faults.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('response', response => {
    const expected = response.status() < 500 && ['fetch', 'xhr'].includes(response.request().resourceType())
    if (response.status() >= 400 && !expected) faults.push(`reply: ${response.status()} ${response.url()}`)
  })
  page.on('requestfailed', request => {
    // A page that is left aborts what is under way, among it the stream of live updates.
    const why = request.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') faults.push(`request: ${why} ${request.url()}`)
  })
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Runs axe-core (WCAG 2.2 A and AA, best practices) over the page as it stands, and fails naming each element at fault. */
export async function expectAccessible(page: Page): Promise<void> {
  // The content security policy allows no script tag: axe comes in through the debugger.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: `globalThis.axe ? 0 : (${wrapped(axe.source)}, 0)` })
  await session.detach()
  const violations = await page.evaluate(async values => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    return (await axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })).violations
  }, rules)
  if (violations.length === 0) return
  const lines = violations.flatMap(violation => [
    `${violation.id} (${violation.impact}): ${violation.help} ${violation.helpUrl}`,
    ...violation.nodes.map(node => `    ${node.target.join(' ')}\n      ${node.html}\n      ${node.failureSummary}`),
  ])
  throw new Error(`axe finds ${violations.length} fault(s) on ${page.url()}:\n${lines.join('\n')}`)
}

function wrapped(source: string): string {
  return `(() => { ${source}\n})()`
}
