import { sql } from 'kysely'
import type pg from 'pg'
import type { Database } from '../db/kysely.ts'
import { kyselyOn } from '../db/kysely.ts'
import { addJobs, noTenant } from './enqueue.ts'
import { nextTime } from './next-time.ts'

/** A job that comes by itself. */
export interface Plan {
  name: string
  /** Five fields. */
  cron: string
}

interface Schedule extends Plan {
  tenantId: string
  timeZone: string
}

/**
 * Gives a tenant its schedules, or moves them to another time zone: those that are as planned stay as they are.
 * @param tenantId null for schedules of no tenant
 */
export async function planSchedules(
  tx: Database,
  tenantId: string | null,
  plans: readonly Plan[],
  timeZone: string,
): Promise<void> {
  if (plans.length === 0) return
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(tx)
  const lines = plans.map(plan => ({ ...plan, next_at: nextTime(plan.cron, timeZone, rows[0]!.now) }))
  await sql`
    insert into job_schedule as known (tenant_id, name, cron, time_zone, next_at)
    select ${tenantId ?? noTenant}::uuid, line.name, line.cron, ${timeZone}, line.next_at
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (name text, cron text, next_at timestamptz)
    on conflict (tenant_id, name) do update set cron = excluded.cron, time_zone = excluded.time_zone, next_at = excluded.next_at
    where known.cron <> excluded.cron or known.time_zone <> excluded.time_zone`.execute(tx)
}

/**
 * Enqueues the jobs of due schedules and moves these on: once even with several workers, and once for all the times
 * that passed while no worker ran.
 * @param names schedules that this worker knows
 * @returns how many were due
 */
export async function fireSchedules(pool: pg.Pool, names: readonly string[]): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<Schedule & { now: Date }>(
      `select tenant_id as "tenantId", name, cron, time_zone as "timeZone", now() as now from job_schedule
      where next_at <= now() and name = any($1) order by next_at limit 200 for update skip locked`,
      [names],
    )
    if (rows.length > 0) await moveOn(client, rows)
    await client.query('commit')
    client.release()
    return rows.length
  } catch (error) {
    // A connection that broke in the middle is not used again; closing it rolls back.
    client.release(true)
    throw error
  }
}

async function moveOn(client: pg.PoolClient, due: (Schedule & { now: Date })[]): Promise<void> {
  const tx = kyselyOn(client)
  for (const [tenantId, schedules] of Map.groupBy(due, schedule => schedule.tenantId)) {
    // The key: while the job of the time before still waits, one more would do the same work twice.
    const jobs = schedules.map(({ name }) => ({ name, payload: {}, key: 'schedule' }))
    await addJobs(tx, tenantId, jobs)
  }
  await client.query(
    `update job_schedule set next_at = moved.next_at, last_at = now()
    from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as moved (tenant_id, name, next_at)
    where job_schedule.tenant_id = moved.tenant_id and job_schedule.name = moved.name`,
    [
      due.map(schedule => schedule.tenantId),
      due.map(schedule => schedule.name),
      due.map(({ cron, timeZone, now }) => nextTime(cron, timeZone, now)),
    ],
  )
}
