import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { type DemoSignIn, openDemo } from './demo.ts'
import { openInstallation } from './installation.ts'
import { listenOnFreePort } from './listen.ts'
import { implementations, rawImplementations } from './modules.ts'
import { closeLiveStreams, listenForNotices } from './platform/administration/live.ts'
import { publicUrl, type Settings } from './platform/config/settings.ts'
import { applicationUrl } from './platform/db/pool.ts'
import { createServer } from './platform/http/server.ts'
import { createAuthenticator } from './platform/identity/authenticate.ts'
import { startTelemetry } from './platform/telemetry/telemetry.ts'

const pages = fileURLToPath(new URL('../web/dist/', import.meta.url))

interface Serving {
  address: string
  /** How to sign in to the demo company, where there is one. */
  demo: DemoSignIn | undefined
  close(): Promise<void>
}

/** Runs the web server until it is closed. */
export async function serve(settings: Settings, ownerUrl: string): Promise<Serving> {
  const telemetry = startTelemetry({
    process: 'server',
    logLevel: settings.logLevel,
    otlpEndpoint: settings.otlpEndpoint,
  })
  const { log } = telemetry
  const installation = await openInstallation(settings, ownerUrl, publicUrl(settings))
  const demo = settings.demo ? await openDemo(installation, settings.dataDir) : undefined
  let app: FastifyInstance | undefined
  const port = await listenOnFreePort(
    async candidate => {
      installation.address = publicUrl(settings, candidate)
      app = await createServer({
        installation,
        authenticator: createAuthenticator(installation.address),
        implementations,
        rawImplementations,
        logger: log,
        trustedProxies: settings.trustedProxies,
        requestsPerMinute: settings.requestsPerMinute,
        pages,
        metrics: telemetry.metrics,
      })
      await app.listen({ host: settings.host, port: candidate })
    },
    { port: settings.port, asked: settings.portAsked },
  )
  log.info({ port }, 'server listens')
  const notices = listenForNotices(applicationUrl(ownerUrl, installation.keyring.root), error =>
    log.warn({ reason: error.message }, 'live updates wait for the database'),
  )
  return {
    address: installation.address,
    demo,
    async close() {
      closeLiveStreams()
      await app?.close()
      await notices.stop()
      await installation.pool.end()
      await telemetry.stop()
    },
  }
}
