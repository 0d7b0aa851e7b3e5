import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { applicationUrl } from '../../server/platform/db/pool.ts'
import { testRootKey } from './root-key.ts'

export interface TestDatabase {
  /** Owner of the tables: migrations. */
  ownerUrl: string
  /** For what the application must never do: tampering, catalogue checks. */
  superuserUrl: string
  /** The application's role, under row-level security. */
  appUrl: string
  /** Ends what is still connected, too. */
  drop(): Promise<void>
}

/** A migrated, empty database of the calling test file's own, cloned from the run's template. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, superuserUrl, template } = inject('postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const owner = decodeURIComponent(new URL(url).username)
  await administer(superuserUrl, [
    `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)} owner ${pg.escapeIdentifier(owner)}`,
  ])
  const ownerUrl = toDatabase(url, name)
  return {
    ownerUrl,
    superuserUrl: toDatabase(superuserUrl, name),
    appUrl: applicationUrl(ownerUrl, testRootKey),
    drop: () => administer(superuserUrl, [`drop database if exists ${pg.escapeIdentifier(name)} with (force)`]),
  }
}

function toDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.toString()
}

async function administer(superuserUrl: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: toDatabase(superuserUrl, 'postgres') })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
