import type pg from 'pg'
import { workChannel } from './enqueue.ts'

/** Pools with a notice under way; true: there was more work meanwhile. */
const underWay = new WeakMap<pg.Pool, boolean>()

/**
 * Tells workers that there is work, once the transaction that enqueued it has committed. Not inside it: commits that
 * notify wait for each other, flush to the disk included, which halved the writes a second of eight connections.
 * One notice at a time: what is enqueued meanwhile shares the next. A notice that is lost costs the second until
 * workers look by themselves.
 */
export function noticeWork(pool: pg.Pool): void {
  if (underWay.has(pool)) {
    underWay.set(pool, true)
    return
  }
  underWay.set(pool, false)
  pool
    .query('select pg_notify($1, $2)', [workChannel, ''])
    .catch(() => {})
    .finally(() => {
      const more = underWay.get(pool)
      underWay.delete(pool)
      if (more) noticeWork(pool)
    })
}
