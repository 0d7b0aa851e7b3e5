import type { z } from 'zod'
import { type Actor, type Origin, tenantIdOf } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { defaultMaxAttempts } from '../jobs/enqueue.ts'
import { completeJobs, failJob, type HeldJob, type Queryable } from '../jobs/queue.ts'
import { OpenTransaction } from '../tenancy/transaction.ts'
import { unavailable } from '../tenancy/unavailable.ts'
import type { AccountJob, JobDefinition, OutsideJob, TenantJob } from './definition.ts'
import { BadPayload, failureText } from './failure-text.ts'

/** What running jobs needs. */
export interface Workshop {
  installation: Installation
  definitions: ReadonlyMap<string, JobDefinition>
  /** Where jobs are claimed and given back. */
  queue: Queryable
  /** Told of a failed attempt; the text is free of personal data. */
  onFailure(job: HeldJob, text: string): void
}

/** Jobs that have not begun and are still held: the time of their group was over, or the database went away. */
export interface Rest {
  jobs: HeldJob[]
  away: boolean
}

const nothing: Rest = { jobs: [], away: false }

/** A group of jobs begins no further job in its transaction after this time (ms), so that it holds no locks for long. */
export const groupTime = 100

/** Somebody else holds the job by now: what it did here is rolled back. */
class LeaseLost extends Error {}

/** Whether the job may share a transaction with others of its tenant: on its first attempt, if it belongs to a tenant. */
export function mayShare(workshop: Workshop, job: HeldJob): boolean {
  return job.attempts === 1 && workshop.definitions.get(job.name)?.kind === 'tenant'
}

/**
 * Runs jobs in one transaction that holds their effects and their completion. When one of them throws, all is rolled
 * back and they run one by one: a bad job does not hurt its neighbours, and each effect happens once.
 * @param jobs one job, or several of one tenant and one claim that `mayShare`
 */
export async function runJobs(workshop: Workshop, jobs: HeldJob[]): Promise<Rest> {
  if (jobs.length === 1) return runAlone(workshop, jobs[0]!)
  const outcome = await attempt(workshop, jobs)
  if (outcome.kind === 'away') return { jobs, away: true }
  if (outcome.kind === 'done') return { jobs: jobs.slice(outcome.count), away: false }
  for (const [index, job] of jobs.entries()) {
    const rest = await runAlone(workshop, job)
    if (rest.away) return { jobs: jobs.slice(index), away: true }
  }
  return nothing
}

async function runAlone(workshop: Workshop, job: HeldJob): Promise<Rest> {
  const outcome = await attempt(workshop, [job])
  if (outcome.kind === 'away') return { jobs: [job], away: true }
  // Where the failure cannot be written down the database is away, which may be why the job failed: it is still held.
  if (outcome.kind === 'failed' && !(await setAside(workshop, job, outcome.error))) return { jobs: [job], away: true }
  return nothing
}

type Outcome = { kind: 'done'; count: number } | { kind: 'failed'; error: unknown } | { kind: 'away' }

/** One transaction. @returns how many of the jobs it completed */
async function attempt(workshop: Workshop, jobs: HeldJob[]): Promise<Outcome> {
  const { installation, definitions } = workshop
  const first = jobs[0]!
  const kind = definitions.get(first.name)!.kind
  const begun = await OpenTransaction.begin(
    installation,
    originOf(first),
    kind === 'tenant' ? tenantIdOf(first.tenantId) : undefined,
  ).catch(() => undefined)
  if (!begun) return { kind: 'away' }
  const { transaction } = begun
  try {
    const deadline = performance.now() + groupTime
    let count = 0
    do {
      await perform(workshop, transaction, jobs[count]!)
      count++
    } while (count < jobs.length && performance.now() < deadline)
    // Before the audit lines, whose chain stays locked from there to COMMIT.
    if (!(await completeJobs(transaction.client, jobs.slice(0, count)))) throw new LeaseLost('The lease was lost.')
    await transaction.flush()
    await transaction.commit()
    return { kind: 'done', count }
  } catch (error) {
    await transaction.rollback()
    return { kind: 'failed', error }
  }
}

async function perform(workshop: Workshop, transaction: OpenTransaction, job: HeldJob): Promise<void> {
  const definition = workshop.definitions.get(job.name) as TenantJob | AccountJob
  const payload = parsed(definition, job)
  if (definition.kind === 'account') return definition.handle(transaction, payload)
  const ctx = await transaction.enter(tenantIdOf(job.tenantId), systemActor(job))
  ctx.requestId = requestIdOf(job)
  return definition.handle(ctx, payload)
}

/** Runs a job that calls out and completes it afterwards. @param signal aborted when the lease is lost or time is up */
export async function runOutside(workshop: Workshop, job: HeldJob, signal: AbortSignal): Promise<void> {
  const definition = workshop.definitions.get(job.name) as OutsideJob
  try {
    await definition.handle(workshop.installation, parsed(definition, job), signal)
  } catch (error) {
    await setAside(workshop, job, error)
    return
  }
  // What it did cannot be rolled back: it is worth some patience to note that it is done.
  for (let wait = 100; ; wait *= 2) {
    const completed = await completeJobs(workshop.installation.pool, [job]).catch(() => undefined)
    if (completed === false) workshop.onFailure(job, 'The lease was lost before the end.')
    if (completed !== undefined || wait > 5_000) return
    await new Promise(resolve => setTimeout(resolve, wait))
  }
}

/** Writes down a failed attempt. @returns whether that succeeded; if not, the lease runs out at the latest */
async function setAside(workshop: Workshop, job: HeldJob, error: unknown): Promise<boolean> {
  if (error instanceof LeaseLost) {
    workshop.onFailure(job, error.message)
    return true
  }
  const message = failureText(unavailable(error))
  workshop.onFailure(job, message)
  const most = workshop.definitions.get(job.name)?.maxAttempts ?? defaultMaxAttempts
  const maxAttempts = error instanceof BadPayload ? Math.min(job.attempts, most) : most
  return failJob(workshop.queue, job, { message, maxAttempts }).then(
    () => true,
    () => false,
  )
}

/** The payload in the shape of the definition. */
function parsed(definition: { payload: z.ZodType }, job: HeldJob): never {
  const result = definition.payload.safeParse(job.payload)
  if (result.success) return result.data as never
  const faults = result.error.issues.map(issue => `${issue.path.join('.') || '(payload)'} ${issue.code}`)
  throw new BadPayload(`The payload is wrong: ${faults.join(', ')}`)
}

function systemActor(job: HeldJob): Actor {
  return { kind: 'system', id: undefined, name: job.name }
}

function requestIdOf(job: HeldJob): string {
  return `job-${job.id}-${job.attempts}`
}

function originOf(job: HeldJob): Origin {
  return { requestId: requestIdOf(job), network: undefined, locale: 'ja', now: new Date() }
}
