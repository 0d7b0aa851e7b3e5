import type { AddressInfo } from 'node:net'
import { closeLiveStreams, listenForNotices } from '../../server/platform/administration/live.ts'
import { type Caller, type TestApplication, testApplication } from './application.ts'
import { expectAccessible, launchBrowser, type PageOptions, type TestPage } from './browser.ts'
import { mailsTo } from './mails.ts'

/** The product in a browser: built pages, real server on a loopback port, a database of the calling test file's own. */
export interface Site {
  application: TestApplication
  address: string
  /** A new visitor: cookies and storage of their own. */
  visit(options?: PageOptions): Promise<TestPage>
  /** A visitor who is signed in already. */
  visitAs(caller: Caller, options?: PageOptions): Promise<TestPage>
  /** The address in the newest mail of a kind to somebody; what the mail waits for is done first. */
  linkTo(email: string, kind: string): Promise<string>
  end(): Promise<void>
}

export async function startSite(): Promise<Site> {
  const application = await testApplication()
  await application.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = application.app.server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`
  application.installation.address = address
  const notices = listenForNotices(application.database.appUrl, fault => console.error(fault))
  const browser = await launchBrowser()
  const visit = (options?: PageOptions) => browser.newPage({ baseUrl: address, ...options })
  return {
    application,
    address,
    visit,
    async visitAs(caller, options) {
      const [name = '', value = ''] = caller.cookie?.split('=') ?? []
      const visitor = await visit(options)
      await visitor.context.addCookies([{ name, value, url: address }])
      return visitor
    },
    async linkTo(email, kind) {
      const mail = (await mailsTo(application, email)).findLast(each => each.kind === kind)
      const link = mail && /https?:\S+/.exec(mail.text)?.[0]
      if (!link) throw new Error(`No mail of the kind ${kind} with a link to ${email}.`)
      return link
    },
    async end() {
      await browser.close()
      await notices.stop()
      closeLiveStreams()
      await application.end()
    },
  }
}

/** Runs axe over the page in the light and in the dark theme. */
export async function expectAccessibleInBothThemes({ page }: TestPage): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate(next => {
      document.documentElement.dataset.theme = next
    }, theme)
    await expectAccessible(page)
  }
}
