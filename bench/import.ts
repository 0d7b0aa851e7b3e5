/**
 * Rows a second and peak memory of an import of 1,000,000 contacts from CSV: reading, checking, matching, writing with
 * report and undo, in transactions of 2,000 rows, every commit durable. Beside it PostgreSQL alone taking the same rows
 * into the same table with its indexes by COPY, as a superuser. `node bench/import.ts 50000` takes fewer rows.
 */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { chooseMapping, inspectFile } from '../server/collect/imports/commands/choices.ts'
import { startRun } from '../server/collect/imports/commands/start.ts'
import { beginImport, storePart } from '../server/collect/imports/commands/upload.ts'
import { partSize } from '../server/collect/imports/contract/imports.ts'
import { runImportJob } from '../server/collect/imports/jobs/run.ts'
import { readImport } from '../server/collect/imports/queries/imports.ts'
import { reactions, vocabulary } from '../server/modules.ts'
import type { Context } from '../server/platform/context/context.ts'
import type { Installation } from '../server/platform/context/installation.ts'
import { applicationUrl, createPool } from '../server/platform/db/pool.ts'
import { createPerson, provisionCompany } from '../server/platform/identity/commands/provision.ts'
import { keyringOf } from '../server/platform/secrets/keyring.ts'
import { inAccount, inTenant } from '../server/platform/tenancy/transaction.ts'
import { startTestPostgres } from '../tests/support/postgres.ts'
import { testRootKey } from '../tests/support/root-key.ts'
import { report } from './support/report.ts'

const count = Number(process.argv[2] ?? 1_000_000)
const origin = () => ({ requestId: 'bench', network: undefined, locale: 'en', now: new Date() }) as const
const actor = { kind: 'system', id: undefined, name: 'bench' } as const

const postgres = await startTestPostgres()
const pool = createPool(applicationUrl(postgres.url, testRootKey), 4)
const installation: Installation = {
  pool,
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://localhost',
  smtp: undefined,
}
try {
  const copied = await copyRate()
  const tenantId = await newCompany('import')
  const inside = <Result>(work: (ctx: Context) => Promise<Result>) =>
    inTenant(installation, origin(), tenantId, actor, work)
  const id = await uploaded(inside)
  const { suggestion } = await inside(ctx => inspectFile(ctx, id, {}))
  await inside(async ctx => {
    await chooseMapping(ctx, id, suggestion)
    await startRun(ctx, id, 'real')
  })
  const begin = performance.now()
  const run = runImportJob as unknown as {
    handle(on: Installation, payload: object, signal: AbortSignal): Promise<void>
  }
  await run.handle(installation, { tenantId, importId: id, run: 1 }, new AbortController().signal)
  const rate = count / ((performance.now() - begin) / 1_000)
  const line = await inside(ctx => readImport(ctx, id))
  if (line.counts?.created !== count) throw new Error(`Not all rows are in: ${JSON.stringify(line)}`)
  const memory = process.resourceUsage().maxRSS / 1_024
  console.log(`${count} contacts, peak memory of the process ${memory.toFixed(0)} MB`)
  report({
    bench: 'import',
    figure: rate,
    unit: 'rows/s',
    peer: 'PostgreSQL COPY of the same rows into the same table',
    peerFigure: copied,
    ratio: rate / copied,
    aim: 0.2,
  })
  report({
    bench: 'import, peak memory',
    figure: memory,
    unit: 'MB',
    peer: 'allowance',
    peerFigure: 512,
    ratio: 512 / memory,
    aim: 1,
  })
} finally {
  await pool.end()
  await postgres.end()
}

async function newCompany(slug: string) {
  return inAccount(installation, origin(), async account => {
    const person = {
      name: '担当者',
      email: `${slug}@example.test`,
      passwordHash: 'none',
      locale: 'ja',
      timeZone: 'Asia/Tokyo',
    } as const
    const company = { name: 'ベンチ株式会社', slug, locale: 'ja', timeZone: 'Asia/Tokyo' } as const
    return (await provisionCompany(account, company, (await createPerson(account, person))!)).tenantId
  })
}

function* lines(): Generator<string> {
  for (let index = 0; index < count; index++) {
    yield `u-${index},person${index}@example${index % 5_000}.test,担当者 ${index},開発,部長,03-0000-${String(index % 10_000).padStart(4, '0')},2025-0${1 + (index % 9)}-15 09:30\n`
  }
}

/** The file, made and stored part by part. */
async function uploaded(inside: <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>): Promise<string> {
  const header = 'ユーザーID,メールアドレス,氏名,役割,役職,電話番号,登録日時\n'
  let size = Buffer.byteLength(header)
  for (const line of lines()) size += Buffer.byteLength(line)
  const id = await inside(ctx =>
    beginImport(ctx, { kind: 'contacts', fileName: 'bench.csv', size, source: 'terminal' }),
  )
  let rest = Buffer.from(header)
  let number = 0
  let text = ''
  const flush = async (isEnd: boolean) => {
    rest = Buffer.concat([rest, Buffer.from(text)])
    text = ''
    while (rest.length >= partSize || (isEnd && rest.length > 0)) {
      const part = rest.subarray(0, partSize)
      rest = Buffer.from(rest.subarray(part.length))
      const current = number++
      await inside(ctx => storePart(ctx, id, current, part))
    }
  }
  for (const line of lines()) {
    text += line
    if (text.length > 1_000_000) await flush(false)
  }
  await flush(true)
  return id
}

async function copyRate(): Promise<number> {
  const tenantId = await newCompany('copy')
  const client = new pg.Client({ connectionString: postgres.superuserUrl })
  await client.connect()
  const columns = 'tenant_id, id, external_id, email, name, role, title, phone, signed_up_at, origin'
  function* rows() {
    let batch = ''
    let index = 0
    for (const line of lines()) {
      const id = `00000000-0000-7000-8000-${String(index++).padStart(12, '0')}`
      batch += `${tenantId},${id},${line.slice(0, -1)},import\n`
      if (batch.length > 65_536) {
        yield batch
        batch = ''
      }
    }
    yield batch
  }
  const begin = performance.now()
  await pipeline(Readable.from(rows()), client.query(copyFrom(`copy contact (${columns}) from stdin (format csv)`)))
  const rate = count / ((performance.now() - begin) / 1_000)
  await client.query('truncate contact cascade')
  await client.end()
  return rate
}
