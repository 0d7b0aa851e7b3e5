import type pg from 'pg'
import { workChannel } from '../jobs/enqueue.ts'
import type { Queryable } from '../jobs/queue.ts'

/**
 * A queue fills and empties faster than statistics follow; by stale ones the planner reads and sorts all that waits
 * for each claim (40 ms for 500 of 100,000 waiting jobs, 7 ms by index). Every statement of this connection has its index.
 */
const byIndex =
  'set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off; set enable_hashjoin = off; set enable_mergejoin = off'

/**
 * The connection on which a worker hears of work, claims it, extends leases and gives jobs back. These commits do not
 * wait for the disk: PostgreSQL keeps the order of commits, so what a crash takes away here (a claim, a lease) is never
 * older than the completion of a job, which does wait; and a job whose claim was taken away simply waits again.
 */
export class QueueConnection implements Queryable {
  readonly #pool: pg.Pool
  readonly #onWork: () => void
  #client: pg.PoolClient | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** @param onWork called for each notice of new work */
  constructor(pool: pg.Pool, onWork: () => void) {
    this.#pool = pool
    this.#onWork = onWork
  }

  /** Connects where there is no connection. @throws Error when the database does not answer */
  async ensure(): Promise<void> {
    if (this.#client) return
    const client = await this.#pool.connect()
    this.#client = client
    client.on('error', () => this.#drop(client))
    client.on('notification', this.#onWork)
    try {
      await client.query(byIndex)
      await client.query(`set synchronous_commit = off; listen ${client.escapeIdentifier(workChannel)}`)
    } catch (error) {
      this.#drop(client)
      throw error
    }
  }

  /** One statement after the other, in the order of the calls. */
  query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const result = this.#last.then(() => {
      if (!this.#client) throw new Error('The worker has no connection to the database.')
      return this.#client.query(text, values)
    })
    this.#last = result.catch(() => {})
    return result
  }

  close(): void {
    if (this.#client) this.#drop(this.#client)
  }

  /** Ends the connection: it listens, so it must not go back into the pool. */
  #drop(client: pg.PoolClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.release(true)
  }
}
