import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../server/platform/db/migrate.ts'
import { applicationPassword } from '../../server/platform/db/pool.ts'
import { startPostgres } from '../../server/platform/postgres/server.ts'
import { testRootKey } from './root-key.ts'

export interface TestPostgres {
  /** Owner's connection to the migrated database. */
  url: string
  superuserUrl: string
  /** Stops the server and removes all it wrote. */
  end(): Promise<void>
}

/** The embedded PostgreSQL as the product starts it, on a new temporary folder, with one migrated database. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kizuna-test-'))
  // For root's tests: the account that then runs PostgreSQL must be able to enter.
  await chmod(dataDir, 0o755)
  const lines: string[] = []
  const postgres = await startPostgres({ dataDir, log: line => lines.push(line) }).catch(error => {
    throw new Error(`PostgreSQL for the tests did not start: ${error.message}\n${lines.slice(-40).join('\n')}`)
  })
  const cluster = await clusterOf(postgres.superuserUrl)
  const end = async () => {
    await postgres.stop()
    await rm(cluster, { recursive: true, force: true })
    // Where the account could not enter the temporary folder, the cluster had one of its own elsewhere.
    if (/^cluster-/.test(basename(dirname(cluster)))) await rm(dirname(cluster), { recursive: true, force: true })
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    // Table scopes matter to a cluster of machines only; the embedded server is none.
    await migrate(postgres.url, { applicationPassword: applicationPassword(testRootKey), tableScopes: {} })
  } catch (error) {
    await end()
    throw error
  }
  return { url: postgres.url, superuserUrl: postgres.superuserUrl, end }
}

async function clusterOf(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    return (await client.query('show data_directory')).rows[0].data_directory
  } finally {
    await client.end()
  }
}
