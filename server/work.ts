import { openInstallation } from './installation.ts'
import { jobDefinitions } from './modules.ts'
import { publicUrl, type Settings } from './platform/config/settings.ts'
import { openConnection } from './platform/db/connection.ts'
import { addMonthPartitions } from './platform/db/partitions.ts'
import type { Log } from './platform/telemetry/log.ts'
import { startTelemetry } from './platform/telemetry/telemetry.ts'
import { startRunner } from './platform/work/runner.ts'

const day = 86_400_000

/** Runs the worker until it is closed. */
export async function work(settings: Settings, ownerUrl: string): Promise<{ close(): Promise<void> }> {
  const telemetry = startTelemetry({
    process: 'worker',
    logLevel: settings.logLevel,
    otlpEndpoint: settings.otlpEndpoint,
  })
  const { log } = telemetry
  // Each place may hold a connection; besides them the runner listens, claims and extends leases.
  const poolSize = Math.max(settings.poolSize, settings.workers * 3 + 3)
  const installation = await openInstallation({ ...settings, poolSize }, ownerUrl, publicUrl(settings))
  const runner = startRunner({ installation, definitions: jobDefinitions, workers: settings.workers, log })
  const upkeep = setInterval(() => keepPartitions(ownerUrl, log), day)
  upkeep.unref()
  void keepPartitions(ownerUrl, log)
  return {
    async close() {
      clearInterval(upkeep)
      await runner.close()
      await installation.pool.end()
      await telemetry.stop()
    },
  }
}

/** Makes the partitions of the months ahead, as the owner: the application may not create tables. */
async function keepPartitions(ownerUrl: string, log: Log): Promise<void> {
  let owner: Awaited<ReturnType<typeof openConnection>> | undefined
  try {
    owner = await openConnection(ownerUrl, 'upkeep')
    await addMonthPartitions(owner, new Date())
  } catch (error) {
    log.warn({ reason: (error as { code?: string }).code }, 'partitions were not made; tried again tomorrow')
  } finally {
    await owner?.end().catch(() => {})
  }
}
