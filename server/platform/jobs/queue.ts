import type pg from 'pg'
import type { JsonValue } from '../context/context.ts'
import { retryDelay } from './retry-delay.ts'

/** How long a claimed job belongs to its worker without a sign of life (seconds). */
export const leaseSeconds = 20

/** A job that this process holds. */
export interface HeldJob {
  /** All zeros for a job of no tenant. */
  tenantId: string
  id: number
  name: string
  payload: JsonValue
  /** This attempt included. */
  attempts: number
  lease: string
}

/** A pool, or a connection. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
}

export interface ClaimWish {
  /** Value that names this claim, never used before. */
  lease: string
  /** Jobs that this worker knows; others are left to a worker that does. */
  names: readonly string[]
  limit: number
  /** At most so many jobs of one tenant. */
  perTenant: number
  /** Begins with the tenant after this one; undefined: with the first. */
  after: string | undefined
  /** Tenants that have enough for now. */
  passOver: readonly string[]
}

/**
 * Claims waiting jobs, tenant after tenant, oldest first: a tenant with many jobs gets no more of a round than another.
 * One statement; each tenant with due work costs two steps into the index, however many jobs wait.
 */
export async function claimJobs(database: Queryable, wish: ClaimWish): Promise<HeldJob[]> {
  const { rows } = await database.query(
    `with recursive turn as (
      (select tenant_id from job where state = 'waiting' and ($1::uuid is null or tenant_id > $1) order by tenant_id limit 1)
      union all
      select (select job.tenant_id from job where job.state = 'waiting' and job.tenant_id > turn.tenant_id order by job.tenant_id limit 1)
      from turn where turn.tenant_id is not null
    ), due as (
      select line.place from turn cross join lateral (
        select job.ctid as place from job
        where job.state = 'waiting' and job.tenant_id = turn.tenant_id and job.name = any($2)
        order by job.id limit $3 for update skip locked
      ) line where turn.tenant_id <> all($4::uuid[]) limit $5
    )
    update job set state = 'leased', lease = $6, lease_until = now() + make_interval(secs => $7), attempts = attempts + 1,
      key = null, updated_at = now()
    where ctid = any(array(select place from due)) and state = 'waiting'
    returning tenant_id as "tenantId", id, name, payload, attempts, lease`,
    [wish.after ?? null, wish.names, wish.perTenant, wish.passOver, wish.limit, wish.lease, leaseSeconds],
  )
  return rows.sort((one: HeldJob, other: HeldJob) => one.id - other.id)
}

/**
 * Ends jobs of one tenant and one lease for good, in the transaction of their effect.
 * @returns whether all of them were still held; if not, the caller rolls back
 */
export async function completeJobs(transaction: Queryable, jobs: readonly HeldJob[]): Promise<boolean> {
  const { tenantId, lease } = jobs[0]!
  const { rowCount } = await transaction.query(
    `delete from job where tenant_id = $1 and id = any($2::bigint[]) and lease = $3`,
    [tenantId, jobs.map(job => job.id), lease],
  )
  return rowCount === jobs.length
}

/** Lets more time pass for jobs that are still held. @returns keys (`keyOf`) of those that are */
export async function extendLeases(database: Queryable, jobs: readonly HeldJob[]): Promise<Set<string>> {
  const { rows } = await database.query(
    `with held as (
      select job.tenant_id, job.id from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as mine (tenant_id, id, lease)
      join job on job.tenant_id = mine.tenant_id and job.id = mine.id and job.lease = mine.lease
      order by job.tenant_id, job.id for update of job skip locked
    )
    update job set lease_until = now() + make_interval(secs => $4)
    from held where job.tenant_id = held.tenant_id and job.id = held.id
    returning job.tenant_id as "tenantId", job.id, job.lease`,
    [jobs.map(job => job.tenantId), jobs.map(job => job.id), jobs.map(job => job.lease), leaseSeconds],
  )
  return new Set(rows.map(keyOf))
}

/** Names a job together with the lease under which it is held. */
export function keyOf(job: Pick<HeldJob, 'id' | 'lease'>): string {
  return `${job.id} ${job.lease}`
}

export interface Failure {
  /** What went wrong, without personal data. */
  message: string
  /** Tried so often, it waits for a person. */
  maxAttempts: number
}

/** Puts a job aside after a failed attempt: it is tried again later, or waits for a person after the last attempt. */
export async function failJob(database: Queryable, job: HeldJob, { message, maxAttempts }: Failure): Promise<void> {
  await database.query(
    `update job set state = case when attempts >= $4 then 'failed' else 'delayed' end, max_attempts = $4,
      run_at = now() + make_interval(secs => $5), last_error = $6, lease = null, lease_until = null, updated_at = now()
    where tenant_id = $1 and id = $2 and lease = $3`,
    [job.tenantId, job.id, job.lease, maxAttempts, retryDelay(job.attempts, Math.random()), message],
  )
}

/** Gives jobs back that were claimed but not begun; the attempt does not count. */
export async function releaseJobs(database: Queryable, jobs: readonly HeldJob[]): Promise<void> {
  if (jobs.length === 0) return
  await database.query(
    `update job set state = 'waiting', attempts = attempts - 1, lease = null, lease_until = null, updated_at = now()
    from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as mine (tenant_id, id, lease)
    where job.tenant_id = mine.tenant_id and job.id = mine.id and job.lease = mine.lease`,
    [jobs.map(job => job.tenantId), jobs.map(job => job.id), jobs.map(job => job.lease)],
  )
}

/** From this attempt on, a job whose worker was lost waits before it is tried again: it may be what ends workers. */
const patientAttempts = 6

/** Waits after lost attempts, by attempt; without chance, which the statement draws from the id. */
const waits = Array.from({ length: 40 }, (_, index) => (index + 1 < patientAttempts ? 0 : retryDelay(index - 2, 0)))

/**
 * Makes delayed jobs waiting whose time has come, and jobs whose worker gave no sign of life.
 * @returns how many are to be claimed now
 */
export async function wakeJobs(database: Queryable): Promise<number> {
  const due = await database.query(
    `update job set state = 'waiting', updated_at = now()
    where ctid = any(array(
      select ctid from job where state = 'delayed' and run_at <= now() order by run_at limit 1000 for update skip locked))`,
  )
  const lost = await database.query(
    `update job set
      state = case when attempts >= max_attempts then 'failed' when attempts >= $1 then 'delayed' else 'waiting' end,
      run_at = now() + make_interval(secs => ($2::float8[])[least(attempts, cardinality($2::float8[]))] * (1 + (id % 50) / 100.0)),
      last_error = 'The worker that ran it was lost.', lease = null, lease_until = null, updated_at = now()
    where ctid = any(array(
      select ctid from job where state = 'leased' and lease_until <= now() order by lease_until limit 1000 for update skip locked))`,
    [patientAttempts, waits],
  )
  return (due.rowCount ?? 0) + (lost.rowCount ?? 0)
}
