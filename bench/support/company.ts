import pg from 'pg'
import { jobDefinitions, reactions, vocabulary } from '../../server/modules.ts'
import type { Context, TenantId } from '../../server/platform/context/context.ts'
import type { Installation } from '../../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../../server/platform/db/pool.ts'
import { createPerson, provisionCompany } from '../../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../../server/platform/tenancy/transaction.ts'
import { startTestPostgres } from '../../tests/support/postgres.ts'
import { testRootKey } from '../../tests/support/root-key.ts'

/** A company in a server of its own, for what is measured below HTTP. */
export interface BenchCompany {
  tenantId: TenantId
  /** The superuser: fills tables, and is the peer without row-level security. */
  admin: pg.Client
  /** Works as the product does, in a transaction of the company. */
  run<Result>(work: (ctx: Context) => Promise<Result>): Promise<Result>
  /** Runs a job that works in several transactions, as the worker does, without the queue. */
  runJob(name: string, payload: object): Promise<void>
  end(): Promise<void>
}

/** Starts a PostgreSQL and makes a company with one administrator in it. */
export async function startBenchCompany(): Promise<BenchCompany> {
  const postgres = await startTestPostgres()
  const admin = new pg.Client({ connectionString: postgres.superuserUrl })
  const pool = createPool(applicationUrl(postgres.url, testRootKey), 2)
  const installation: Installation = {
    pool,
    keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
    reactions,
    vocabulary,
    address: 'http://localhost',
    smtp: undefined,
  }
  const origin = () => ({ requestId: 'bench', network: undefined, locale: 'ja', now: new Date() }) as const
  const actor = { kind: 'system', id: undefined, name: 'bench' } as const
  await admin.connect()
  const tenantId = await inAccount(installation, origin(), async account => {
    const person = {
      name: '佐藤',
      email: 'a@example.test',
      passwordHash: 'x',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    } as const
    const company = { name: '計測', slug: 'bench', locale: 'ja', timeZone: 'Asia/Tokyo' } as const
    return (await provisionCompany(account, company, (await createPerson(account, person))!)).tenantId
  })
  return {
    tenantId,
    admin,
    run: work => inTenant(installation, origin(), tenantId, actor, work),
    async runJob(name, payload) {
      const job = jobDefinitions.find(definition => definition.name === name)
      if (job?.kind !== 'outside') throw new Error(`There is no job "${name}" of several transactions.`)
      await job.handle(installation, payload as never, new AbortController().signal)
    },
    async end() {
      await pool.end()
      await admin.end()
      await postgres.end()
    },
  }
}

/** How long work takes (ms). */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}
