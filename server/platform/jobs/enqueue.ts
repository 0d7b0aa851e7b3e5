import { sql } from 'kysely'
import type { JobRequest } from '../context/context.ts'
import type { Database } from '../db/kysely.ts'

/** Channel on which workers learn that there is work. */
export const workChannel = 'kizuna_work'

/** How often a job is tried before it is set aside for a person, unless its definition says otherwise. */
export const defaultMaxAttempts = 12

/** Stands in the queue for the tenant of jobs that belong to none. */
export const noTenant = '00000000-0000-0000-0000-000000000000'

/**
 * Adds jobs in the caller's transaction: they exist if and only if it commits; then `noticeWork` tells the workers.
 * @param tenantId null for jobs that belong to no tenant
 */
export async function addJobs(tx: Database, tenantId: string | null, jobs: JobRequest[]): Promise<void> {
  if (jobs.length === 0) return
  const rows = jobs.map(job => ({
    name: job.name,
    payload: job.payload,
    run_at: job.runAt ?? null,
    key: job.key ?? null,
  }))
  await sql`
    insert into job (tenant_id, name, payload, state, run_at, key, max_attempts)
    select ${tenantId ?? noTenant}::uuid, line.name, line.payload,
      case when line.run_at > now() then 'delayed' else 'waiting' end, coalesce(line.run_at, now()), line.key, ${defaultMaxAttempts}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line (name text, payload jsonb, run_at timestamptz, key text)
    on conflict do nothing`.execute(tx)
}
