import type pg from 'pg'
import { appendRecords } from '../audit/append.ts'
import type { Actor, Context, JobRequest, Origin, TenantId } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { type Database, kyselyOn } from '../db/kysely.ts'
import { type Notice, sendNotices, writeEvents } from '../events/write.ts'
import { addJobs } from '../jobs/enqueue.ts'
import { noticeWork } from '../jobs/notice.ts'
import { unavailable } from './unavailable.ts'

/** Surroundings of what has no tenant yet: sign-up, sign-in, one's own account. */
export interface AccountContext extends Origin {
  tx: Database
  installation: Installation
  /** Works inside a tenant from here on, in the same transaction. */
  enter(tenantId: TenantId, actor: Actor): Promise<Context>
  pending: { jobs: JobRequest[] }
}

/**
 * One transaction of a gate. The tenant is set by SET LOCAL of a checked UUID: it ends with the transaction, so a
 * pooled connection comes back clean.
 */
export class OpenTransaction implements AccountContext {
  readonly tx: Database
  readonly requestId: string
  readonly network: string | undefined
  readonly locale: Origin['locale']
  readonly now: Date
  readonly client: pg.PoolClient
  readonly installation: Installation
  readonly pending: { jobs: JobRequest[] } = { jobs: [] }
  #contexts: Context[] = []
  #tenant: TenantId | undefined
  #notices: Notice[] = []
  #ended = false
  /** Jobs were added: workers are told after COMMIT. */
  #enqueued = false

  private constructor(installation: Installation, client: pg.PoolClient, origin: Origin, tenant: TenantId | undefined) {
    this.installation = installation
    this.client = client
    this.tx = kyselyOn(client)
    this.requestId = origin.requestId
    this.network = origin.network
    this.locale = origin.locale
    this.now = origin.now
    this.#tenant = tenant
  }

  /**
   * Takes a connection and begins.
   * @param first a statement that travels in the same round trip (the pool pipelines)
   * @throws AppError `unavailable` when the database cannot be reached
   */
  static async begin(
    installation: Installation,
    origin: Origin,
    tenant?: TenantId,
    first?: pg.QueryConfig,
  ): Promise<{ transaction: OpenTransaction; rows: Record<string, unknown>[] }> {
    const client = await installation.pool.connect().catch(error => {
      throw unavailable(error)
    })
    try {
      const [, result] = await Promise.all([
        client.query(`begin;${tenant ? setTenant(tenant) : ''}`),
        first && client.query(first),
      ])
      return { transaction: new OpenTransaction(installation, client, origin, tenant), rows: result?.rows ?? [] }
    } catch (error) {
      client.release(true)
      throw unavailable(error)
    }
  }

  async enter(tenantId: TenantId, actor: Actor): Promise<Context> {
    await this.workIn(tenantId)
    const context: Context = {
      tx: this.tx,
      installation: this.installation,
      requestId: this.requestId,
      network: this.network,
      locale: this.locale,
      now: this.now,
      tenantId,
      actor,
      pending: { events: [], jobs: [], records: [] },
    }
    this.#contexts.push(context)
    return context
  }

  /**
   * Writes what the commands announced, enqueued and recorded. Nothing is kept before `commit`.
   * @returns whether there was anything to write
   */
  async flush(): Promise<boolean> {
    let wrote = this.pending.jobs.length > 0
    await this.#addJobs(null, this.pending.jobs.splice(0))
    for (const context of this.#contexts) {
      const { pending } = context
      if (pending.events.length + pending.jobs.length + pending.records.length === 0) continue
      wrote = true
      await this.workIn(context.tenantId)
      const { jobs, notices } = await writeEvents(context, this.installation.reactions)
      this.#notices.push(...notices)
      await this.#addJobs(context.tenantId, [...pending.jobs.splice(0), ...jobs])
      pending.events.length = 0
      // Last, because the head of the audit chain stays locked from here to COMMIT.
      await appendRecords(context, pending.records.splice(0))
    }
    return wrote
  }

  async #addJobs(tenantId: TenantId | null, jobs: JobRequest[]): Promise<void> {
    if (jobs.length > 0) this.#enqueued = true
    await addJobs(this.tx, tenantId, jobs)
  }

  /** @throws AppError `unavailable` when the answer of COMMIT was lost: whether it happened is not known */
  async commit(): Promise<void> {
    this.#ended = true
    try {
      const { command } = await this.client.query('commit')
      // An aborted transaction answers COMMIT with ROLLBACK, and without an error.
      if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}.`)
      this.client.release()
      if (this.#enqueued) noticeWork(this.installation.pool)
      sendNotices(this.installation.pool, this.#notices)
    } catch (error) {
      this.client.release(true)
      throw unavailable(error)
    }
  }

  /** Gives the connection back without a trace; a connection that cannot roll back is closed. */
  async rollback(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.client.query('rollback').then(
      () => this.client.release(),
      () => this.client.release(true),
    )
  }

  /** Sets the tenant of what follows, where it is another one. */
  async workIn(tenantId: TenantId): Promise<void> {
    if (this.#tenant === tenantId) return
    await this.client.query(setTenant(tenantId))
    this.#tenant = tenantId
  }
}

/** SET takes no parameters; the type says that the text was checked to be a UUID. */
function setTenant(tenantId: TenantId): string {
  return `set local app.tenant = '${tenantId}';`
}

/** Runs work in a transaction without a tenant. Commits when it returns, rolls back when it throws. */
export async function inAccount<Result>(
  installation: Installation,
  origin: Origin,
  work: (account: OpenTransaction) => Promise<Result>,
): Promise<Result> {
  const { transaction } = await OpenTransaction.begin(installation, origin)
  return finish(transaction, () => work(transaction))
}

/** Runs work as an actor of one tenant. Commits when it returns, rolls back when it throws. */
export async function inTenant<Result>(
  installation: Installation,
  origin: Origin,
  tenantId: TenantId,
  actor: Actor,
  work: (ctx: Context) => Promise<Result>,
): Promise<Result> {
  const { transaction } = await OpenTransaction.begin(installation, origin, tenantId)
  return finish(transaction, async () => work(await transaction.enter(tenantId, actor)))
}

async function finish<Result>(transaction: OpenTransaction, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work()
    await transaction.flush()
    await transaction.commit()
    return result
  } catch (error) {
    await transaction.rollback()
    throw unavailable(error)
  }
}
