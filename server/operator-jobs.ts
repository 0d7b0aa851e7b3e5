import { sql } from 'kysely'
import { z } from 'zod'
import { operate, operator, origin } from './operate.ts'
import { checked } from './operator-wishes.ts'
import { cancel, retry, setAside, tryAgain } from './platform/administration/commands/jobs.ts'
import { type Context, tenantIdOf } from './platform/context/context.ts'
import type { Database } from './platform/db/kysely.ts'
import { AppError } from './platform/errors/app-error.ts'
import { noTenant } from './platform/jobs/enqueue.ts'
import { inAccount } from './platform/tenancy/transaction.ts'

/** A job as `jobs list` shows it: never its payload. */
export interface JobLine {
  id: number
  /** Slug of its company; null for a job of none. */
  tenant: string | null
  name: string
  state: 'waiting' | 'delayed' | 'leased' | 'failed' | 'cancelled'
  attempts: number
  maxAttempts: number
  runAt: string
  lastError: string | null
}

const most = 1_000

/** The newest jobs of all companies and of none, newest first, 1,000 at most. */
export async function listJobs(wish: { failed: boolean; name: string | undefined }): Promise<JobLine[]> {
  const conditions = [sql`true`]
  if (wish.failed) conditions.push(sql`job.state = 'failed'`)
  if (wish.name !== undefined) conditions.push(sql`job.name = ${wish.name}`)
  return operate(installation =>
    inAccount(installation, origin(), async account => {
      const { rows } = await sql<{ line: JobLine }>`
        select json_build_object('id', job.id, 'tenant', company.slug, 'name', job.name, 'state', job.state,
          'attempts', job.attempts, 'maxAttempts', job.max_attempts, 'runAt', job.run_at, 'lastError', job.last_error) as line
        from job /* all tenants */ left join tenant_directory company on company.tenant_id = job.tenant_id
        where ${sql.join(conditions, sql` and `)} order by job.id desc limit ${most}`.execute(account.tx)
      return rows.map(row => row.line)
    }),
  )
}

/** Tries a failed or waiting job again at once. @throws AppError `not_found`, `conflict` for one that runs */
export async function retryJob(id: string): Promise<void> {
  await change(id, retry, tryAgain)
}

/** Sets a failed or waiting job aside for good. @throws AppError `not_found`, `conflict` for one that runs */
export async function cancelJob(id: string): Promise<void> {
  await change(id, cancel, setAside)
}

const idWish = z.object({ id: z.coerce.number().int().positive() })

/** A job of a company is changed inside it, where its audit log gets a line. */
async function change(
  given: string,
  inCompany: (ctx: Context, id: number) => Promise<unknown>,
  inNone: (tx: Database, tenantId: string, id: number) => Promise<unknown>,
): Promise<void> {
  const { id } = checked(idWish, { id: given })
  await operate(installation =>
    inAccount(installation, origin(), async account => {
      const { rows } = await sql<{ tenant_id: string }>`
        select tenant_id from job /* all tenants */ where id = ${id}`.execute(account.tx)
      const tenantId = rows[0]?.tenant_id
      if (tenantId === undefined) throw missing(id)
      if (tenantId === noTenant) await inNone(account.tx, noTenant, id)
      else await inCompany(await account.enter(tenantIdOf(tenantId), operator), id)
    }),
  )
}

function missing(id: number): AppError {
  return new AppError('not_found', {
    ja: `ジョブ ${id} はありません。完了したか、IDが誤っています。「kizuna jobs list」で確認してください。`,
    en: `There is no job ${id}: it is done, or the id is wrong. See "kizuna jobs list".`,
  })
}
