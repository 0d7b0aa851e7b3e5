import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConnection } from '../db/connection.ts'
import { prepareOwner } from './owner.ts'
import { type Postgres, startPostgres } from './server.ts'

let folder: string
let server: Postgres

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-owner-'))
  // The account that runs PostgreSQL for root must be able to enter.
  await chmod(folder, 0o755)
  server = await startPostgres({ dataDir: folder, log: () => {} })
})

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

// A server that is killed again just after its start broke the connection of the set-up, and with it the supervisor.
test('a connection lost during the set-up is a failure of the set-up, not the end of the process', async () => {
  const { password } = new URL(server.url)
  const other = await openConnection(server.superuserUrl, 'test')
  let done = false
  let cut = 0
  const cutting = (async () => {
    while (!done) {
      const { rowCount } = await other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kizuna setup'",
      )
      cut += rowCount ?? 0
    }
  })()
  for (let attempt = 0; attempt < 60; attempt += 1) {
    await prepareOwner(server.superuserUrl, password).catch((error: Error) => {
      expect(error.message).toMatch(/terminat|connection/i)
    })
  }
  done = true
  await cutting
  await other.end()
  expect(cut).toBeGreaterThan(0)
  await prepareOwner(server.superuserUrl, password)
})
