import { randomUUID } from 'node:crypto'
import { claimJobs, type HeldJob, keyOf, leaseSeconds, releaseJobs } from '../jobs/queue.ts'
import { groupTime, mayShare, runJobs, runOutside, type Workshop } from './execution.ts'
import { LocalQueue } from './local-queue.ts'

/** A claimed job is not begun, and one that calls out is stopped, when its lease was not extended for so long (ms). */
const trustedFor = (leaseSeconds - 4) * 1_000

/** Jobs at hand, and jobs that share a transaction, at most. */
const mostAtHand = 1_000
const mostInGroup = 250

interface Held {
  job: HeldJob
  /** When the lease began or was last extended, by this process's clock. */
  since: number
  /** Stops a running job that calls out. */
  abort?: AbortController
}

export interface LaneWish {
  /** Names of the jobs that run here. */
  names: string[]
  /** How many run at the same time. */
  slots: number
  /** Jobs that call out take a slot for long: they are claimed one by one, and no tenant gets more than half the slots. */
  outside: boolean
  /** Told when the database does not answer; the lane then rests until `wake`. */
  onAway(error: unknown): void
}

/** Claims jobs of some names and runs them, so many at a time. */
export class Lane {
  readonly #workshop: Workshop
  readonly #wish: LaneWish
  readonly #queue = new LocalQueue()
  readonly #held = new Map<string, Held>()
  readonly #runningOf = new Map<string, number>()
  #running = 0
  #claiming = false
  /** There may be more to claim. */
  #hungry = false
  /** Tenants were passed over: there may be more of theirs once a job of them has ended. */
  #hungryLater = false
  /** Somebody said that there is work, and no claim has begun since. */
  #told = false
  #resting = false
  #stopped = false
  #cursor: string | undefined
  /** Moving average of the time of a job (ms): slow jobs are claimed in small numbers, so that other workers get some. */
  #pace = 1
  #onIdle: (() => void) | undefined

  constructor(workshop: Workshop, wish: LaneWish) {
    this.#workshop = workshop
    this.#wish = wish
  }

  /** Whether there are jobs that could run here. */
  get hasWork(): boolean {
    return this.#wish.names.length > 0
  }

  /** There is work, or the database is back. */
  wake(): void {
    this.#hungry = true
    this.#told = true
    this.#resting = false
    this.#pump()
  }

  /** Jobs whose lease is to be extended: not those that were claimed a moment ago. */
  aging(milliseconds: number): HeldJob[] {
    const now = performance.now()
    return [...this.#held.values()].filter(held => now - held.since >= milliseconds).map(held => held.job)
  }

  /** Takes notice of what a heartbeat said. @param asked what the heartbeat was for @param kept keys of what is still held */
  heard(asked: readonly HeldJob[], kept: ReadonlySet<string>): void {
    const now = performance.now()
    let lost = 0
    for (const job of asked) {
      const held = this.#held.get(keyOf(job))
      if (!held) continue
      if (kept.has(keyOf(job))) held.since = now
      else {
        lost++
        held.since = Number.NEGATIVE_INFINITY
        held.abort?.abort()
      }
    }
    if (lost > 0) this.dropLapsed()
  }

  /** Forgets queued jobs and stops running ones that were not extended in time: another worker may have them. */
  dropLapsed(): void {
    const lapsed = (held: Held | undefined) => !held || performance.now() - held.since > trustedFor
    this.#queue.remove(job => {
      const gone = lapsed(this.#held.get(keyOf(job)))
      if (gone) this.#held.delete(keyOf(job))
      return gone
    })
    for (const held of this.#held.values()) if (lapsed(held)) held.abort?.abort()
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stopped = true
  }

  /** Takes out what was claimed and not begun, for the caller to release. */
  drain(): HeldJob[] {
    const unbegun = this.#queue.drain()
    for (const job of unbegun) this.#held.delete(keyOf(job))
    return unbegun
  }

  /** Asks running jobs that call out to end. */
  abort(): void {
    for (const held of this.#held.values()) held.abort?.abort()
  }

  /** Resolves when nothing runs and no claim is under way. */
  async idle(): Promise<void> {
    if (this.#running === 0 && !this.#claiming) return
    await new Promise<void>(resolve => {
      this.#onIdle = resolve
    })
  }

  #pump(): void {
    while (!this.#stopped && !this.#resting && this.#running < this.#wish.slots && this.#queue.size > 0) {
      const inTime = Math.ceil(groupTime / this.#pace)
      const jobs = this.#queue.take(Math.min(mostInGroup, inTime), job => mayShare(this.#workshop, job))
      void this.#run(jobs)
    }
    if (this.#hungry && !this.#claiming && !this.#stopped && !this.#resting) {
      const wish = this.#claimable()
      if (wish) void this.#claim(wish)
    }
    if (this.#running === 0 && !this.#claiming) this.#onIdle?.()
  }

  /** How many jobs to have at hand: work for a second. */
  #target(): number {
    const { slots } = this.#wish
    return Math.min(mostAtHand, Math.max(slots, Math.ceil((slots * 1_000) / this.#pace)))
  }

  /** How many jobs of one tenant to have at hand. */
  #share(): number {
    return Math.ceil(this.#target() / 2)
  }

  #claimable(): { limit: number; perTenant: number; passOver: string[] } | undefined {
    const { outside, slots } = this.#wish
    if (outside) {
      const limit = slots - this.#running - this.#queue.size
      const busy = [...this.#runningOf].filter(([, count]) => count >= Math.max(1, slots / 2))
      return limit > 0 ? { limit, perTenant: 1, passOver: busy.map(([tenantId]) => tenantId) } : undefined
    }
    const target = this.#target()
    const atHand = [...this.#queue.tenants()]
    const perTenant = this.#share()
    if (this.#queue.size <= target / 2) {
      const passOver = atHand.filter(tenantId => this.#queue.countOf(tenantId) >= perTenant)
      return { limit: target - this.#queue.size, perTenant, passOver }
    }
    // There is enough to do, but of other tenants: one that just came gets its turn among them.
    return this.#told ? { limit: slots, perTenant: 1, passOver: atHand } : undefined
  }

  async #claim(wish: { limit: number; perTenant: number; passOver: string[] }): Promise<void> {
    this.#claiming = true
    this.#hungry = false
    this.#told = false
    try {
      const began = performance.now()
      const { names } = this.#wish
      const round = { ...wish, lease: randomUUID(), names, after: this.#cursor }
      const jobs = await claimJobs(this.#workshop.queue, round)
      for (const job of jobs) this.#held.set(keyOf(job), { job, since: began })
      this.#queue.add(jobs)
      this.#remember(jobs, wish)
    } catch (error) {
      this.#rest(error)
    }
    this.#claiming = false
    this.#pump()
  }

  /** Notes where the next round begins, and whether there is likely more. */
  #remember(jobs: HeldJob[], round: { limit: number; perTenant: number; passOver: string[] }): void {
    const counts = new Map<string, number>()
    for (const job of jobs) counts.set(job.tenantId, (counts.get(job.tenantId) ?? 0) + 1)
    const wrapped = jobs.length < round.limit
    if (!wrapped || this.#cursor !== undefined || [...counts.values()].some(count => count >= round.perTenant))
      this.#hungry = true
    this.#cursor = wrapped ? undefined : [...counts.keys()].sort().at(-1)
    if (round.passOver.length > 0) this.#hungryLater = true
  }

  async #run(jobs: HeldJob[]): Promise<void> {
    const { tenantId } = jobs[0]!
    this.#running++
    this.#runningOf.set(tenantId, (this.#runningOf.get(tenantId) ?? 0) + 1)
    const began = performance.now()
    const rest = this.#wish.outside
      ? await this.#runOutside(jobs[0]!)
      : await runJobs(this.#workshop, jobs).catch(error => {
          // Nothing of a job may end the lane; its lease runs out and it is claimed again.
          this.#workshop.onFailure(jobs[0]!, String(error))
          return { jobs: [], away: false }
        })
    const done = jobs.length - rest.jobs.length
    if (done > 0) this.#pace += (Math.max(0.01, (performance.now() - began) / done) - this.#pace) * 0.2
    for (const job of jobs) if (!rest.jobs.includes(job)) this.#held.delete(keyOf(job))
    this.#queue.putBack(rest.jobs)
    this.#shed()
    this.#running--
    const left = this.#runningOf.get(tenantId)! - 1
    if (left > 0) this.#runningOf.set(tenantId, left)
    else this.#runningOf.delete(tenantId)
    if (rest.away) this.#rest(undefined)
    if (this.#hungryLater) {
      this.#hungryLater = false
      this.#hungry = true
    }
    this.#pump()
  }

  /** Gives back what was claimed before it was known how slow these jobs are. */
  #shed(): void {
    if (this.#wish.outside || this.#queue.size <= this.#target() * 2) return
    const shed = this.#queue.shed(this.#share())
    for (const job of shed) this.#held.delete(keyOf(job))
    this.#hungryLater = true
    // If that fails, the leases run out.
    releaseJobs(this.#workshop.queue, shed).catch(() => {})
  }

  async #runOutside(job: HeldJob): Promise<{ jobs: HeldJob[]; away: boolean }> {
    const abort = new AbortController()
    const held = this.#held.get(keyOf(job))
    if (held) held.abort = abort
    await runOutside(this.#workshop, job, abort.signal)
    return { jobs: [], away: false }
  }

  #rest(error: unknown): void {
    this.#resting = true
    this.#hungry = true
    this.#wish.onAway(error)
  }
}
