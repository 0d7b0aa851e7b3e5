import type { AddressInfo } from 'node:net'
import { type TestApplication, testApplication } from './application.ts'
import { expectAccessible, launchBrowser, type PageOptions, type TestPage } from './browser.ts'
import { finishJobs, mailsTo } from './mails.ts'

/** The product in a browser: built pages, real server on a loopback port, a database of the calling test file's own. */
export interface Site {
  application: TestApplication
  address: string
  /** A new visitor: cookies and storage of their own. */
  visit(options?: PageOptions): Promise<TestPage>
  /** The address in the newest mail of a kind to somebody; what the mail waits for is done first. */
  linkTo(email: string, kind: string): Promise<string>
  /** Runs the jobs that are due. */
  work(): Promise<void>
  end(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const application = await testApplication()
  await application.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = application.app.server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`
  application.installation.address = address
  const browser = await launchBrowser()
  return {
    application,
    address,
    visit: options => browser.newPage({ baseUrl: address, ...options }),
    async linkTo(email, kind) {
      const mail = (await mailsTo(application, email)).findLast(each => each.kind === kind)
      const link = mail && /https?:\S+/.exec(mail.text)?.[0]
      if (!link) throw new Error(`No mail of the kind ${kind} with a link to ${email}.`)
      return link
    },
    work: () => finishJobs(application),
    async end() {
      await browser.close()
      await application.end()
    },
  }
}

/** Runs axe in both languages and both themes; leaves the page in the language and theme it had. */
export async function expectAccessibleInAllLooks({ page }: TestPage): Promise<void> {
  const before = await page.evaluate(() => ({ ...document.documentElement.dataset }))
  for (const theme of ['dark', 'light']) {
    await page.evaluate(next => {
      document.documentElement.dataset.theme = next
    }, theme)
    await expectAccessible(page)
  }
  await page.evaluate(theme => {
    document.documentElement.dataset.theme = theme
  }, before.theme)
}
