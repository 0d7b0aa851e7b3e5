import type pg from 'pg'
import { workChannel } from '../jobs/enqueue.ts'

/**
 * Listens for new work on a connection of the pool that it keeps.
 * @param onWork called for each notice
 */
export function listenForWork(
  pool: pg.Pool,
  onWork: () => void,
): {
  /** Connects where there is no connection. @throws Error when the database does not answer */
  ensure(): Promise<void>
  stop(): Promise<void>
} {
  let client: pg.PoolClient | undefined
  const drop = (broken: pg.PoolClient) => {
    if (client !== broken) return
    client = undefined
    broken.release(true)
  }
  return {
    async ensure() {
      if (client) return
      const fresh = await pool.connect()
      client = fresh
      fresh.on('error', () => drop(fresh))
      fresh.on('notification', onWork)
      try {
        await fresh.query(`listen ${fresh.escapeIdentifier(workChannel)}`)
      } catch (error) {
        drop(fresh)
        throw error
      }
    },
    async stop() {
      if (client) drop(client)
    },
  }
}
