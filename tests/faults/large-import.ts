/**
 * `node tests/faults/large-import.ts`: a file of 1 GB goes through upload, inspection and a dry run; then hostile ones of
 * the same size. Prints the process's memory after each, and ends with exit code 1 when it is not flat: more than 512 MB
 * at any time. Takes some minutes. `node tests/faults/large-import.ts 100` takes 100 MB.
 */
import { chooseMapping, inspectFile } from '../../server/collect/imports/commands/choices.ts'
import { startRun } from '../../server/collect/imports/commands/start.ts'
import { beginImport, storePart } from '../../server/collect/imports/commands/upload.ts'
import { partSize } from '../../server/collect/imports/contract/imports.ts'
import { runImportJob } from '../../server/collect/imports/jobs/run.ts'
import { readImport } from '../../server/collect/imports/queries/imports.ts'
import { reactions, vocabulary } from '../../server/modules.ts'
import type { Context } from '../../server/platform/context/context.ts'
import type { Installation } from '../../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../../server/platform/db/pool.ts'
import { AppError } from '../../server/platform/errors/app-error.ts'
import { createPerson, provisionCompany } from '../../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../../server/platform/tenancy/transaction.ts'
import { startTestPostgres } from '../support/postgres.ts'
import { testRootKey } from '../support/root-key.ts'

const size = Number(process.argv[2] ?? 1_000) * 1_000_000
const allowed = 512
const origin = () => ({ requestId: 'large', network: undefined, locale: 'en', now: new Date() }) as const
const actor = { kind: 'system', id: undefined, name: 'large' } as const
const note = 'この担当者は導入の推進役です。'.repeat(90)

const cases: { name: string; piece(number: number): string }[] = [
  {
    name: 'rows',
    piece: number => (number === 0 ? 'user id,email,notes\n' : `u${number},p${number}@example.test,${note}\n`),
  },
  {
    name: 'one line',
    piece: number => (number === 0 ? 'user id,email,notes\nu1,a@example.test,' : 'x'.repeat(60_000)),
  },
  {
    name: 'quotes never closed',
    piece: number => (number === 0 ? 'user id,email,notes\nu1,a@example.test,"' : 'x,y\n'.repeat(15_000)),
  },
  { name: 'columns without end', piece: number => (number === 0 ? 'user id,email\nu1' : ','.repeat(60_000)) },
]

const postgres = await startTestPostgres()
const pool = createPool(applicationUrl(postgres.url, testRootKey), 4)
const keyring = keyringOf([{ id: 'test', bytes: testRootKey }])
const installation: Installation = {
  pool,
  keyring,
  reactions,
  vocabulary,
  address: 'http://localhost',
  smtp: undefined,
}
let most = 0
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss())
}, 50)
try {
  const tenantId = await inAccount(installation, origin(), async account => {
    const person = {
      name: '担当者',
      email: 'a@example.test',
      passwordHash: 'none',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    } as const
    const company = { name: '試験株式会社', slug: 'large', locale: 'ja', timeZone: 'Asia/Tokyo' } as const
    return (await provisionCompany(account, company, (await createPerson(account, person))!)).tenantId
  })
  const inside = <Result>(work: (ctx: Context) => Promise<Result>) =>
    inTenant(installation, origin(), tenantId, actor, work)
  for (const { name, piece } of cases) {
    const begin = performance.now()
    const said = await outcomeOf(inside, tenantId, piece)
    const seconds = ((performance.now() - begin) / 1_000).toFixed(0)
    console.log(`${name}: ${said}; ${seconds} s, at most ${(most / 1e6).toFixed(0)} MB`)
  }
  console.log(JSON.stringify({ megabytes: size / 1e6, mostMemoryMegabytes: Math.round(most / 1e6) }))
  if (most > allowed * 1e6) process.exitCode = 1
} finally {
  clearInterval(watch)
  await pool.end()
  await postgres.end()
}

async function outcomeOf(
  inside: <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>,
  tenantId: string,
  piece: (number: number) => string,
): Promise<string> {
  const id = await inside(ctx =>
    beginImport(ctx, { kind: 'contacts', fileName: 'large.csv', size, source: 'terminal' }),
  )
  let pieces: Buffer[] = []
  let waiting = 0
  let part = 0
  let written = 0
  for (let number = 0; written < size; number++) {
    const bytes = Buffer.from(piece(number)).subarray(0, size - written)
    pieces.push(bytes)
    written += bytes.length
    waiting += bytes.length
    while (waiting >= partSize || (written === size && waiting > 0)) {
      const whole = Buffer.concat(pieces)
      const current = part++
      await inside(ctx => storePart(ctx, id, current, whole.subarray(0, partSize)))
      pieces = [Buffer.from(whole.subarray(partSize))]
      waiting = pieces[0]!.length
    }
  }
  try {
    const { suggestion } = await inside(ctx => inspectFile(ctx, id, {}))
    await inside(async ctx => {
      await chooseMapping(ctx, id, suggestion)
      await startRun(ctx, id, 'dry')
    })
    const run = runImportJob as unknown as {
      handle(on: Installation, payload: object, signal: AbortSignal): Promise<void>
    }
    await run.handle(installation, { tenantId, importId: id, run: 1 }, new AbortController().signal)
    const { dryCounts, fault } = await inside(ctx => readImport(ctx, id))
    return fault ? `refused: ${fault.en}` : JSON.stringify(dryCounts)
  } catch (error) {
    if (error instanceof AppError) return `refused: ${error.words.en}`
    throw error
  }
}
