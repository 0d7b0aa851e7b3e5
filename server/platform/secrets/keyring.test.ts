import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../tests/support/database.ts'
import { seal, unseal } from './box.ts'
import { keyFile, keyringOf, keysOf, loadKeyring, newKey, saveKeys } from './keyring.ts'
import { proveKeys } from './proof.ts'

const place = { tenant: '-', table: 't', column: 'c', row: 'r' }
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kizuna-keys-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('the file of keys', () => {
  it('is made once, for its owner only', async () => {
    const first = await loadKeyring({ keys: undefined, dataDir })
    const second = await loadKeyring({ keys: undefined, dataDir })
    expect(second.current).toEqual(first.current)
    expect((await stat(keyFile(dataDir))).mode & 0o777).toBe(0o600)
  })

  it('is followed: a box of a new key opens at once, and new boxes get it within its interval (E2)', async () => {
    const server = await loadKeyring({ keys: undefined, dataDir })
    const rotated = keyringOf([newKey(), ...keysOf(server)])
    await saveKeys(dataDir, keysOf(rotated))
    expect(unseal(server, place, seal(rotated, place, 'new'))).toBe('new')
    expect(server.current.id).toBe(rotated.current.id)
    expect(keysOf(server).at(-1)?.bytes).toEqual(server.root)
    await saveKeys(dataDir, keysOf(rotated).slice(1))
    await new Promise(resolve => setTimeout(resolve, 1_100))
    expect(seal(server, place, 'x').split('.')[1]).toBe(keysOf(rotated)[1]?.id)
    expect(unseal(server, place, seal(rotated, place, 'still'))).toBe('still')
  })

  it('leaves a running process as it is when it is damaged or has another root', async () => {
    const server = await loadKeyring({ keys: undefined, dataDir })
    const before = await readFile(keyFile(dataDir), 'utf8')
    for (const content of ['damaged\n', '', `other:${Buffer.alloc(32, 3).toString('base64')}\n`]) {
      await writeFile(keyFile(dataDir), content)
      expect(() => unseal(server, place, '1.other.AAAA.AAAA')).toThrow('not in the ring')
    }
    expect(seal(server, place, 'x').split('.')[1]).toBe(server.current.id)
    await writeFile(keyFile(dataDir), 'damaged\n')
    await expect(loadKeyring({ keys: undefined, dataDir })).rejects.toThrow('damaged')
    await writeFile(keyFile(dataDir), before)
    await chmod(keyFile(dataDir), 0o600)
  })
})

describe('the keys of a database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.drop())

  const [old, current, foreign] = [newKey(), newKey(), newKey()]

  it('are noted at the first start, and accepted from then on', async () => {
    await proveKeys(database.ownerUrl, keyringOf([old]))
    await proveKeys(database.ownerUrl, keyringOf([current, old]))
    await proveKeys(database.ownerUrl, keyringOf([current, old]))
  })

  it.each([
    ['a new key alone', [foreign]],
    ['a missing key', [old]],
    ['a missing root', [current]],
    ['the right keys in a wrong order', [old, current]],
    ['another key under the same name', [current, { id: old.id, bytes: foreign.bytes }]],
  ])('refuse %s at start (E2)', async (_, keys) => {
    await expect(proveKeys(database.ownerUrl, keyringOf(keys))).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('are no business of the application', async () => {
    const client = new pg.Client({ connectionString: database.appUrl })
    await client.connect()
    await expect(client.query('select 1 from encryption_key')).rejects.toThrow('permission denied')
    await client.end()
  })
})
