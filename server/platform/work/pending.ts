import { randomUUID } from 'node:crypto'
import type { Installation } from '../context/installation.ts'
import { claimJobs, wakeJobs } from '../jobs/queue.ts'
import type { JobDefinition } from './definition.ts'
import { mayShare, runJobs, runOutside, type Workshop } from './execution.ts'
import { LocalQueue } from './local-queue.ts'

/**
 * Runs everything that is due, and what follows from it, until nothing is; with the code of the runner, one after the
 * other. For tests and for commands that finish what they began.
 * @returns how many attempts were made, failed ones included
 */
export async function runPendingJobs(
  installation: Installation,
  definitions: readonly JobDefinition[],
  onFailure: Workshop['onFailure'] = () => {},
): Promise<number> {
  const byName = new Map(definitions.map(definition => [definition.name, definition]))
  const workshop: Workshop = { installation, definitions: byName, queue: installation.pool, onFailure }
  const queue = new LocalQueue()
  let attempts = 0
  for (;;) {
    await wakeJobs(installation.pool)
    const wish = { names: [...byName.keys()], limit: 400, perTenant: 400, after: undefined, passOver: [] }
    const claimed = await claimJobs(installation.pool, { ...wish, lease: randomUUID() })
    if (claimed.length === 0) return attempts
    attempts += claimed.length
    queue.add(claimed)
    while (queue.size > 0) {
      const jobs = queue.take(200, job => mayShare(workshop, job))
      if (byName.get(jobs[0]!.name)!.kind === 'outside')
        await runOutside(workshop, jobs[0]!, AbortSignal.timeout(60_000))
      else {
        const rest = await runJobs(workshop, jobs)
        if (rest.away) throw new Error('The database does not answer.')
        queue.putBack(rest.jobs)
      }
    }
  }
}
