import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import { testRootKey } from '../../../tests/support/root-key.ts'
import { tableScopes } from '../../modules.ts'
import { keyringOf } from '../secrets/keyring.ts'
import { makeBackup } from './backup.ts'
import { tableShapes } from './catalogue.ts'
import { restoreBackup } from './restore.ts'

const keys = [{ id: 'test', bytes: testRootKey }]
let folder: string
let from: TestDatabase
let to: TestDatabase

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-references-'))
  from = await testDatabase()
  to = await testDatabase()
})
afterAll(async () => {
  await from.drop()
  await to.drop()
  await rm(folder, { recursive: true, force: true })
})

async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

it('writes every table after those that it refers to: rows are loaded in that order', async () => {
  const order = await connected(from.ownerUrl, async owner =>
    (await tableShapes(owner, tableScopes)).map(({ name }) => name),
  )
  const { rows } = await connected(from.ownerUrl, owner =>
    owner.query(
      "select distinct conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint where contype = 'f' and conparentid = 0 and conrelid <> confrelid",
    ),
  )
  for (const { child, parent } of rows) {
    expect(order.indexOf(parent), `${child} refers to ${parent}`).toBeLessThan(order.indexOf(child))
  }
  expect(rows.length).toBeGreaterThan(5)
  expect(new Set(order).size).toBe(order.length)
})

it('restores rows that refer to rows of the same table, whatever their order, and rows that refer to them', async () => {
  const [tenant, parent, child, merged, contact, tag] = Array.from({ length: 6 }, () => randomUUID())
  await connected(from.superuserUrl, async owner => {
    await owner.query('insert into tenant_directory (tenant_id, slug) values ($1, $2)', [tenant, 'own'])
    await owner.query(
      'insert into tenant (id, slug, name, locale, time_zone, currency, fiscal_year_start) values ($1, $2, $2, $3, $4, $5, 4)',
      [tenant, 'own', 'ja', 'Asia/Tokyo', 'JPY'],
    )
    await owner.query("insert into audit_head select id, 0, decode(repeat('00', 32), 'hex') from tenant")
    // The rows that refer come first.
    await owner.query(
      `insert into customer (tenant_id, id, name, parent_id, merged_into, currency, status, origin) values
        ($1, $2, 'c', $3, null, 'JPY', 'ACTIVE', 'person'), ($1, $4, 'm', null, $3, 'JPY', 'ACTIVE', 'person'),
        ($1, $3, 'p', null, null, 'JPY', 'ACTIVE', 'person')`,
      [tenant, child, parent, merged],
    )
    await owner.query("insert into contact (tenant_id, id, name, origin) values ($1, $2, 'n', 'person')", [
      tenant,
      contact,
    ])
    await owner.query("insert into tag (tenant_id, id, name) values ($1, $2, 't')", [tenant, tag])
    await owner.query('insert into contact_tag (tenant_id, contact_id, tag_id) values ($1, $2, $3)', [
      tenant,
      contact,
      tag,
    ])
  })
  const { path } = await makeBackup({
    ownerUrl: from.ownerUrl,
    keyring: keyringOf(keys),
    scopes: tableScopes,
    version: '0',
    withKeys: false,
    path: join(folder, 'own.tar.gz'),
  })
  await restoreBackup({
    ownerUrl: to.ownerUrl,
    keys: { keys, dataDir: folder },
    scopes: tableScopes,
    path,
    replace: false,
    requestId: 'test',
  })
  const restored = await connected(to.superuserUrl, owner =>
    owner.query('select name, parent_id, merged_into from customer order by name'),
  )
  expect(restored.rows).toEqual([
    { name: 'c', parent_id: parent, merged_into: null },
    { name: 'm', parent_id: null, merged_into: parent },
    { name: 'p', parent_id: null, merged_into: null },
  ])
  const tags = await connected(to.superuserUrl, owner => owner.query('select contact_id, tag_id from contact_tag'))
  expect(tags.rows).toEqual([{ contact_id: contact, tag_id: tag }])
})
