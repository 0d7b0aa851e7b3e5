import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, newKey } from '../../../tests/support/factories.ts'
import { contactsFile, countContacts, settled, startWorker } from '../../../tests/support/imports.ts'
import type { Runner } from '../../platform/work/runner.ts'
import { listImports } from './contract/imports.ts'
import { createImportMapping, uploadToMapping } from './contract/mappings.ts'
import { watchJob } from './jobs/watch.ts'

let application: TestApplication
let worker: Runner

beforeAll(async () => {
  application = await testApplication()
  worker = startWorker(application)
})
afterAll(async () => {
  await worker.close()
  await application.end()
})

describe('saved mappings', () => {
  const assignments = [
    { column: 'user id', target: 'externalId' },
    { column: 'email', target: 'email' },
  ]

  it('import a file in one call of a program', async () => {
    const company = await newCompany(application)
    const body = { name: '毎日の担当者', kind: 'contacts', mapping: { assignments } }
    const saved = await company.admin.call(createImportMapping, { body })
    expect(saved.status).toBe(201)
    expect((await company.admin.call(createImportMapping, { body })).status).toBe(422)
    const key = await newKey(company, 'administrator', ['imports.manage'])
    const headers = { 'content-type': 'application/octet-stream' }
    const sent = await key.call(uploadToMapping, {
      params: { id: saved.body.id },
      body: Buffer.from(contactsFile(5)),
      headers,
    })
    expect(sent.status).toBe(202)
    expect((await settled(company.admin, sent.body.id)).counts).toMatchObject({ created: 5 })
  })

  it('import what is laid into their folder, and follow no link', async () => {
    const root = await mkdtemp(join(tmpdir(), 'kizuna-imports-'))
    const company = await newCompany(application)
    const { rows } = await asSystem(company, ctx =>
      sql<{ slug: string }>`select slug from tenant where id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    const folder = join(root, rows[0]!.slug, 'people')
    await mkdir(folder, { recursive: true })
    const body = { name: 'people', kind: 'contacts', mapping: { assignments }, folder: 'people' }
    await company.admin.call(createImportMapping, { body })
    expect(
      (await company.admin.call(createImportMapping, { body: { ...body, name: 'x', folder: '../people' } })).status,
    ).toBe(422)
    const secret = join(root, 'secret.csv')
    const old = new Date(Date.now() - 60_000)
    for (const [path, text] of [
      [secret, contactsFile(9)],
      [join(folder, 'list.csv'), contactsFile(3)],
    ] as const) {
      await writeFile(path, text)
      await utimes(path, old, old)
    }
    await symlink(secret, join(folder, 'link.csv'))
    await writeFile(join(folder, 'growing.csv'), contactsFile(2))
    await symlink(root, join(root, rows[0]!.slug, 'elsewhere'))
    const watch = watchJob as unknown as { handle(on: object, payload: object, signal: AbortSignal): Promise<void> }
    await watch.handle({ ...application.installation, importFolder: root }, {}, new AbortController().signal)
    const [line, ...others] = (await company.admin.call(listImports)).body.items
    expect([line!.fileName, line!.source, others]).toEqual(['list.csv', 'folder', []])
    expect((await settled(company.admin, line!.id)).counts).toMatchObject({ created: 3 })
    expect((await readdir(folder)).sort()).toEqual(['done', 'growing.csv', 'link.csv'])
    expect(await readdir(join(folder, 'done'))).toEqual([`${line!.id}-list.csv`])
    await rm(root, { recursive: true })
  })

  it('put what they cannot take in aside as failed, and go on with the next file', async () => {
    const root = await mkdtemp(join(tmpdir(), 'kizuna-imports-'))
    const company = await newCompany(application)
    const { rows } = await asSystem(company, ctx =>
      sql<{ slug: string }>`select slug from tenant where id = ${ctx.tenantId}`.execute(ctx.tx),
    )
    const folder = join(root, rows[0]!.slug, 'people')
    await mkdir(folder, { recursive: true })
    const attribute = { label: 'Area', type: 'text' }
    const needs = [...assignments, { column: 'area', target: 'attribute:area', attribute }]
    const body = { name: 'people', kind: 'contacts', mapping: { assignments: needs }, folder: 'people' }
    const saved = await company.admin.call(createImportMapping, { body })
    // A field that the product no longer knows: what is laid down cannot be started.
    await asSystem(company, ctx =>
      sql`update import_mapping set mapping = jsonb_set(mapping, '{assignments,0,target}', '"gone"')
        where tenant_id = ${ctx.tenantId} and id = ${saved.body.id}`.execute(ctx.tx),
    )
    const old = new Date(Date.now() - 60_000)
    for (const name of ['a.csv', 'b.csv']) {
      await writeFile(join(folder, name), contactsFile(3))
      await utimes(join(folder, name), old, old)
    }
    const watch = watchJob as unknown as { handle(on: object, payload: object, signal: AbortSignal): Promise<void> }
    await watch.handle({ ...application.installation, importFolder: root }, {}, new AbortController().signal)
    const { items } = (await company.admin.call(listImports)).body
    expect(items.map(({ fileName, state, fault }) => [fileName, state, fault !== null])).toEqual([
      ['b.csv', 'failed', true],
      ['a.csv', 'failed', true],
    ])
    expect(await readdir(folder)).toEqual(['failed'])
    expect((await readdir(join(folder, 'failed'))).sort()).toEqual(
      items.map(({ id, fileName }) => `${id}-${fileName}`).sort(),
    )
    expect(await countContacts(company)).toBe(0)
    await rm(root, { recursive: true })
  })
})
