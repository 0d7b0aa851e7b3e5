import type { HeldJob } from '../jobs/queue.ts'

/** Claimed jobs that have not begun, by tenant: tenants take turns, and the jobs of one run in the order of the claim. */
export class LocalQueue {
  /** The tenant whose turn it is comes first. */
  #tenants = new Map<string, HeldJob[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  countOf(tenantId: string): number {
    return this.#tenants.get(tenantId)?.length ?? 0
  }

  tenants(): Iterable<string> {
    return this.#tenants.keys()
  }

  add(jobs: readonly HeldJob[]): void {
    for (const job of jobs) {
      const line = this.#tenants.get(job.tenantId)
      if (line) line.push(job)
      else this.#tenants.set(job.tenantId, [job])
    }
    this.#size += jobs.length
  }

  /** Puts jobs back that were taken and not begun, before the others of their tenant. */
  putBack(jobs: readonly HeldJob[]): void {
    for (const job of jobs.toReversed()) {
      const line = this.#tenants.get(job.tenantId)
      if (line) line.unshift(job)
      else this.#tenants.set(job.tenantId, [job])
    }
    this.#size += jobs.length
  }

  /**
   * Takes jobs of the tenant whose turn it is: one, or several of the same claim that may share a transaction.
   * @param most jobs at most
   */
  take(most: number, mayShare: (job: HeldJob) => boolean): HeldJob[] {
    const next = this.#tenants.entries().next()
    if (next.done) return []
    const [tenantId, line] = next.value
    const first = line[0]!
    let count = 1
    if (mayShare(first)) {
      const limit = Math.min(most, line.length)
      while (count < limit && line[count]!.lease === first.lease && mayShare(line[count]!)) count++
    }
    const taken = line.splice(0, count)
    this.#tenants.delete(tenantId)
    if (line.length > 0) this.#tenants.set(tenantId, line)
    this.#size -= count
    return taken
  }

  /** Takes out the last jobs of tenants that have more than so many. */
  shed(most: number): HeldJob[] {
    const taken = [...this.#tenants.values()].flatMap(line => line.splice(most))
    this.#size -= taken.length
    return taken
  }

  /** Takes out what the caller no longer holds. */
  remove(isLost: (job: HeldJob) => boolean): void {
    const kept = this.drain().filter(job => !isLost(job))
    this.add(kept)
  }

  /** Empties the queue. */
  drain(): HeldJob[] {
    const jobs = [...this.#tenants.values()].flat()
    this.#tenants.clear()
    this.#size = 0
    return jobs
  }
}
