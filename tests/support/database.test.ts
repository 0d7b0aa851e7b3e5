import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from './database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db?.drop())

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('a clone is migrated, and the three roles are what they say', async () => {
  expect((await query(db.ownerUrl, 'select count(*) > 0 as migrated from migration'))[0]).toEqual({ migrated: true })
  const role = 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user'
  expect(await query(db.appUrl, role)).toEqual([{ rolsuper: false, rolbypassrls: false }])
  expect(await query(db.ownerUrl, role)).toEqual([{ rolsuper: false, rolbypassrls: false }])
  expect((await query(db.superuserUrl, role))[0]).toMatchObject({ rolsuper: true })
})

test('clones know nothing of each other', async () => {
  const other = await testDatabase()
  await query(other.ownerUrl, 'create table only_here (id integer)')
  expect(await query(db.ownerUrl, "select 1 from pg_class where relname = 'only_here'")).toEqual([])
  await other.drop()
  await expect(query(other.ownerUrl, 'select 1')).rejects.toThrow(/does not exist/)
})
