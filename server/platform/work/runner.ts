import type { Installation } from '../context/installation.ts'
import { extendLeases, releaseJobs, wakeJobs } from '../jobs/queue.ts'
import { fireSchedules } from '../jobs/schedules.ts'
import type { Log } from '../telemetry/log.ts'
import type { JobDefinition } from './definition.ts'
import type { Workshop } from './execution.ts'
import { Lane } from './lane.ts'
import { QueueConnection } from './queue-connection.ts'
import { planAll } from './schedules.ts'

/** How often the worker looks for what no notice told it of: delayed jobs, lost workers, schedules (ms). */
const lookEvery = 1_000
/** How often leases are extended; a quarter of their length, so that two may fail (ms). */
const heartbeatEvery = 5_000
/** Schedules are compared with the definitions this often (ms): heals what an older worker beside this one planned. */
const planEvery = 3_600_000
/** On closing, running jobs have this long to end by themselves, then those that call out this long more (ms). */
const patience = 7_000
const lastPatience = 1_500

export interface RunnerWish {
  installation: Installation
  definitions: readonly JobDefinition[]
  /** How many jobs run at the same time; jobs that call out have twice as many places of their own. */
  workers: number
  log: Log
}

export interface Runner {
  /** Stops claiming, lets running jobs end, gives back what was not begun. Ends within 9 s. */
  close(): Promise<void>
}

/**
 * Runs the jobs of the queue until it is closed. Survives the loss of the database: it rests, asks every two seconds,
 * and goes on by itself.
 */
export function startRunner({ installation, definitions, workers, log }: RunnerWish): Runner {
  const queue = new QueueConnection(installation.pool, () => wake())
  const workshop: Workshop = {
    installation,
    definitions: new Map(definitions.map(definition => [definition.name, definition])),
    queue,
    onFailure: (job, text) =>
      log.warn(
        { job: job.name, id: job.id, tenant: job.tenantId, attempt: job.attempts, reason: text },
        'a job failed',
      ),
  }
  const named = (outside: boolean) =>
    definitions.filter(({ kind }) => (kind === 'outside') === outside).map(({ name }) => name)
  let away = false
  const onAway = (error: unknown) => {
    if (!away) log.warn({ reason: reasonOf(error) }, 'the database does not answer; the worker waits for it')
    away = true
  }
  const lanes = [
    new Lane(workshop, { names: named(false), slots: workers, outside: false, onAway }),
    new Lane(workshop, { names: named(true), slots: workers * 2, outside: true, onAway }),
  ].filter(lane => lane.hasWork)
  const wake = () => {
    for (const lane of lanes) lane.wake()
  }
  const scheduled = definitions.filter(({ schedule }) => schedule).map(({ name }) => name)
  let plannedAt = Number.NEGATIVE_INFINITY

  const look = repeat(async () => {
    try {
      await queue.ensure()
      if (performance.now() - plannedAt > planEvery) {
        await planAll(installation, definitions)
        plannedAt = performance.now()
      }
      await fireSchedules(installation.pool, scheduled)
      await wakeJobs(queue)
      if (away) log.info('the database answers again')
      away = false
      wake()
      return lookEvery
    } catch (error) {
      onAway(error)
      return lookEvery * 2
    }
  })
  const heartbeat = repeat(async () => {
    await beat(queue, lanes)
    return heartbeatEvery
  })
  log.info({ jobs: definitions.length, workers }, 'worker runs')

  return {
    async close() {
      for (const lane of lanes) lane.stop()
      await look.stop()
      const release = () =>
        releaseJobs(
          queue,
          lanes.flatMap(lane => lane.drain()),
        ).catch(() => {})
      await release()
      const idle = Promise.all(lanes.map(lane => lane.idle()))
      if (!(await within(patience, idle))) {
        for (const lane of lanes) lane.abort()
        if (!(await within(lastPatience, idle))) log.warn('jobs still run; their leases will run out')
      }
      await Promise.all([heartbeat.stop(), release()])
      queue.close()
    },
  }
}

/** Extends the leases of everything that is held, in one statement. */
async function beat(queue: QueueConnection, lanes: Lane[]): Promise<void> {
  const asked = lanes.flatMap(lane => lane.aging(heartbeatEvery * 0.8))
  if (asked.length > 0) {
    const kept = await extendLeases(queue, asked).catch(() => undefined)
    if (kept) for (const lane of lanes) lane.heard(asked, kept)
  }
  for (const lane of lanes) lane.dropLapsed()
}

/** Calls work again and again, each time after the pause (ms) that the call before answered. */
function repeat(work: () => Promise<number>): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void>
  const go = async () => {
    const pause = await work()
    if (stopped) return
    timer = setTimeout(() => {
      current = go()
    }, pause)
  }
  current = go()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const inTime = await Promise.race([work.then(() => true), late])
  clearTimeout(timer)
  return inTime
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? ((error as { code?: string }).code ?? error.name) : 'unknown'
}
