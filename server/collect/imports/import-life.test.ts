import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany } from '../../../tests/support/factories.ts'
import {
  contactsFile,
  countContacts,
  imported,
  inspected,
  map,
  putPart,
  rowsOf,
  settled,
  startWorker,
  upload,
} from '../../../tests/support/imports.ts'
import type { Runner } from '../../platform/work/runner.ts'
import {
  cancelImport,
  createImport,
  deleteImport,
  getImport,
  importReport,
  listImports,
  partSize,
  putImportMapping,
  runImport,
  undoImport,
} from './contract/imports.ts'
import { tidyJob } from './jobs/watch.ts'

let application: TestApplication
let worker: Runner | undefined

beforeAll(async () => {
  application = await testApplication()
  worker = startWorker(application)
})
afterAll(async () => {
  await worker?.close()
  await application.end()
})

describe('uploads', () => {
  it('take parts of the expected size only, in any order, as bytes only', async () => {
    const { admin } = await newCompany(application)
    const content = Buffer.from(contactsFile(250_000)).subarray(0, partSize + 10)
    const made = await admin.call(createImport, { body: { kind: 'contacts', fileName: 'a.csv', size: content.length } })
    const { id } = made.body
    expect((await putPart(admin, id, 0, content.subarray(0, 10))).status).toBe(422)
    expect((await putPart(admin, id, 5, content.subarray(0, 10))).status).toBe(422)
    const json = await admin.send({ method: 'PUT', url: `/api/v1/imports/${id}/parts/1`, payload: { a: 1 } })
    expect(json.status).toBe(415)
    const large = await putPart(admin, id, 0, Buffer.alloc(partSize + 1))
    expect([large.status, large.problem.detail]).toEqual([413, expect.stringContaining('8 MB')])
    expect((await putPart(admin, id, 1, content.subarray(partSize))).body).toMatchObject({
      state: 'uploading',
      received: 10,
    })
    expect((await admin.call(runImport, { params: { id } })).status).toBe(409)
    expect((await putPart(admin, id, 0, content.subarray(0, partSize))).body).toMatchObject({ state: 'ready' })
    expect((await putPart(admin, id, 0, content.subarray(0, partSize))).status).toBe(409)
    const bytes = { 'content-type': 'application/octet-stream' }
    const teams = await admin.send({ method: 'POST', url: '/api/v1/teams', payload: Buffer.from('{}'), headers: bytes })
    expect(teams.status).toBe(415)
    const anonymous = await application.app.inject({
      method: 'PUT',
      url: `/api/v1/imports/${id}/parts/0`,
      payload: content.subarray(0, 99),
      headers: bytes,
    })
    expect(anonymous.statusCode).toBe(401)
    const foreign = { ...bytes, 'sec-fetch-site': 'cross-site' }
    const forged = await admin.send({
      method: 'PUT',
      url: `/api/v1/imports/${id}/parts/0`,
      payload: content.subarray(0, 99),
      headers: foreign,
    })
    expect(forged.status).toBe(403)
  })

  it('name every fault of a mapping', async () => {
    const { admin } = await newCompany(application)
    const id = await upload(admin, 'customers', 'id,name\n1,A\n')
    const mapping = {
      assignments: [
        { column: 'id', target: 'nowhere' },
        { column: 'id', target: 'plan' },
        { column: 'name', target: 'plan' },
      ],
      constants: { currency: 'yen!' },
    }
    const reply = await admin.call(putImportMapping, { params: { id }, body: mapping })
    expect(reply.status).toBe(422)
    expect(reply.problem.errors!.map(({ path }) => path)).toEqual([
      'body.assignments.0.target',
      'body.assignments.2.target',
      'body.constants.currency',
      'body.assignments',
    ])
  })

  it('of a file that cannot be read are refused at inspection and fail a run with row and column', async () => {
    const { admin } = await newCompany(application)
    const id = await upload(admin, 'contacts', `user id,email\n${'a,b@c.example\n'.repeat(50_000)}x,"open\n`)
    const mapping = (await inspected(admin, id)).suggestion
    await admin.call(putImportMapping, { params: { id }, body: mapping })
    await admin.call(runImport, { params: { id } })
    const done = await settled(admin, id)
    expect([done.state, done.fault!.en]).toEqual(['failed', expect.stringMatching(/^Row 50002.*never closed/)])
  })
})

describe('runs', () => {
  it('stop when cancelled, keep what is in, and can be undone', async () => {
    const company = await newCompany(application)
    const { admin } = company
    const id = await upload(admin, 'contacts', contactsFile(30_000))
    await map(admin, id)
    await admin.call(runImport, { params: { id } })
    while ((await admin.call(getImport, { params: { id } })).body.rows === 0) await delay(10)
    expect((await admin.call(deleteImport, { params: { id } })).status).toBe(409)
    await admin.call(cancelImport, { params: { id } })
    const stopped = await settled(admin, id)
    expect(stopped.state).toBe('cancelled')
    const count = await countContacts(company)
    expect(count).toBe(stopped.counts!.created)
    expect(count).toBeLessThan(30_000)
    await admin.call(undoImport, { params: { id } })
    expect((await settled(admin, id)).undo).toEqual({ removed: count, restored: 0, kept: 0 })
    expect(await countContacts(company)).toBe(0)
    expect((await admin.call(deleteImport, { params: { id } })).status).toBe(204)
    expect((await admin.call(listImports)).body.items).toEqual([])
  })

  it('refuse alone the row that the database does not take', async () => {
    const { admin } = await newCompany(application)
    const rows = ['u1,a@x.example,A', 'u2,b@x.example,B', 'u3,a@x.example,C', 'u4,d@x.example,D']
    const done = await imported(admin, 'contacts', `user id,email,name\n${rows.join('\n')}\n`)
    expect(done.counts).toMatchObject({ created: 3, failed: 1 })
    expect(await rowsOf(admin, done.id, 'failed')).toMatchObject([
      { row: 4, problems: [{ message: { en: expect.stringMatching(/e-mail/) } }] },
    ])
  })

  it('report as CSV that no spreadsheet runs, in the language of the reader', async () => {
    const { admin } = await newCompany(application)
    const done = await imported(
      admin,
      'contacts',
      'user id,email\nu1,=cmd()|x\nu2,a@b.example\nu3,c@b.example\nu4,d@b.example\n',
    )
    const params = { id: done.id }
    const report = await admin.call(importReport, { params, headers: { 'accept-language': 'ja' } })
    expect(report.headers['content-type']).toContain('text/csv')
    expect(report.text).toBe(
      "\ufeff行,結果,列,値,理由,記録のID\r\n2,エラー,email,'=cmd()|x,メールアドレスではありません。,\r\n",
    )
    const all = await admin.call(importReport, {
      params,
      query: { outcome: 'all' },
      headers: { 'accept-language': 'en' },
    })
    expect(all.text.split('\r\n')).toHaveLength(6)
  })

  it('go on after kill -9 of the worker: each row once', async () => {
    await worker!.close()
    worker = undefined
    const company = await newCompany(application)
    const { admin } = company
    const total = 16_000
    const id = await upload(admin, 'contacts', contactsFile(total))
    await map(admin, id)
    await admin.call(runImport, { params: { id } })
    const position = async () => (await admin.call(getImport, { params: { id } })).body.rows
    for (const stop of [4_000, 8_000]) {
      const child = await spawnWorker()
      while ((await position()) < stop) await alive(child)
      await lose(child)
    }
    expect(await position()).toBeLessThan(total)
    worker = startWorker(application)
    const done = await settled(admin, id)
    expect([done.state, done.counts]).toEqual([
      'done',
      { created: total, updated: 0, unchanged: 0, skipped: 0, failed: 0 },
    ])
    expect(await countContacts(company)).toBe(total)
    const { rows } = await asSystem(company, ctx =>
      sql`select count(*)::int as rows, count(distinct record_id)::int as records from import_row
        where tenant_id = ${ctx.tenantId} and import_id = ${id}`.execute(ctx.tx),
    )
    expect(rows).toEqual([{ rows: total, records: total }])
  })

  it('are undone to the end after kill -9 of the worker: nothing twice, nothing left', async () => {
    const company = await newCompany(application)
    const { admin } = company
    const total = 8_000
    const { id } = await imported(admin, 'contacts', contactsFile(total))
    await worker!.close()
    worker = undefined
    expect((await admin.call(undoImport, { params: { id } })).status).toBe(202)
    const removed = async () => (await admin.call(getImport, { params: { id } })).body.undo?.removed ?? 0
    for (const stop of [1_000, 3_000]) {
      const child = await spawnWorker()
      while ((await removed()) < stop) await alive(child)
      await lose(child)
    }
    expect(await removed()).toBeLessThan(total)
    worker = startWorker(application)
    const done = await settled(admin, id)
    expect([done.state, done.undo]).toEqual(['undone', { removed: total, restored: 0, kept: 0 }])
    expect(await countContacts(company)).toBe(0)
  })

  it('lose their files after seven days; the report stays', async () => {
    const company = await newCompany(application)
    const done = await imported(company.admin, 'contacts', contactsFile(2))
    const tidy = tidyJob as unknown as { handle(ctx: object, payload: object): Promise<void> }
    await asSystem(company, async ctx => {
      await sql`update data_import set created_at = now() - interval '8 days' where tenant_id = ${ctx.tenantId}`.execute(
        ctx.tx,
      )
      await tidy.handle(ctx, {})
    })
    const { body } = await company.admin.call(getImport, { params: { id: done.id } })
    expect([body.fileKept, body.state]).toEqual([false, 'done'])
    expect((await company.admin.call(runImport, { params: { id: done.id } })).status).toBe(410)
    expect(await rowsOf(company.admin, done.id)).toHaveLength(2)
  })
})

/** How the connections of workers in processes of their own are called. */
const workerName = 'kizuna killed'

async function spawnWorker(): Promise<ChildProcess> {
  const script = new URL('../../../tests/support/product-worker.ts', import.meta.url)
  const url = new URL(application.database.appUrl)
  url.searchParams.set('application_name', workerName)
  const child = fork(script, [url.href], { execArgv: [] })
  const ended = endedByItself(child)
  ended.catch(() => {})
  await Promise.race([once(child, 'message'), ended])
  return child
}

/** Fails when a worker ends that nobody killed: otherwise the test would wait for it until its time is over. */
async function endedByItself(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit')
  throw new Error(`The worker ended by itself: ${code ?? signal}`)
}

/** Waits a moment for a worker. @throws Error when it has ended by itself */
async function alive(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`The worker had ended by itself: ${child.exitCode}`)
  await delay(5)
}

/**
 * Kills a worker and lets its leases run out at once. First its connections have to be gone: a claim or a heartbeat that
 * it sent a moment before would otherwise come after, and hold the job for the whole lease.
 */
async function lose(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  const connections = `select 1 from pg_stat_activity where datname = current_database() and application_name = $1`
  while ((await application.pool.query(connections, [workerName])).rows.length > 0) await delay(20)
  await application.pool.query(`update job set lease_until = now() where name like 'imports.%' and state = 'leased'`)
}
