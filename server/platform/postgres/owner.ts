import { openConnection } from '../db/connection.ts'

/** Owns the database and runs the migrations; no superuser. */
export const ownerRole = 'kizuna_owner'
export const databaseName = 'kizuna'

/** Creates the owner and its database where they are missing: safe to repeat after an interruption. */
export async function prepareOwner(superuserUrl: string, password: string): Promise<void> {
  const client = await openConnection(superuserUrl, 'setup')
  try {
    const role = await client.query('select 1 from pg_roles where rolname = $1', [ownerRole])
    if (role.rowCount === 0) {
      await client.query(
        `create role ${ownerRole} login createrole nosuperuser password ${client.escapeLiteral(password)}`,
      )
    }
    const database = await client.query('select 1 from pg_database where datname = $1', [databaseName])
    if (database.rowCount === 0) await client.query(`create database ${databaseName} owner ${ownerRole}`)
  } finally {
    await client.end()
  }
}
