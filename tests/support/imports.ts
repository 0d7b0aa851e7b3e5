import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { pino } from 'pino'
import {
  createImport,
  getImport,
  inspectImport,
  listImportRows,
  partSize,
  putImportMapping,
  putImportPart,
  runImport,
} from '../../server/collect/imports/contract/imports.ts'
import type { ImportKind, ImportLine, Inspection, Mapping } from '../../server/collect/imports/contract/shapes.ts'
import { jobDefinitions } from '../../server/modules.ts'
import { type Runner, startRunner } from '../../server/platform/work/runner.ts'
import type { Caller, TestApplication } from './application.ts'
import { asSystem, type TestCompany } from './factories.ts'

/** A worker of the product in the test's own process. */
export function startWorker({ installation }: TestApplication): Runner {
  return startRunner({ installation, definitions: jobDefinitions, workers: 2, log: pino({ level: 'silent' }) })
}

/** Uploads a file, part by part. @returns id of the import */
export async function upload(
  caller: Caller,
  kind: ImportKind,
  content: string | Uint8Array,
  fileName = 'list.csv',
): Promise<string> {
  const bytes = Buffer.from(content as Uint8Array)
  const made = await caller.call(createImport, { body: { kind, fileName, size: bytes.length } })
  if (made.status !== 201) throw new Error(made.text)
  const { id } = made.body
  for (let number = 0; number * partSize < bytes.length; number++) {
    const part = bytes.subarray(number * partSize, (number + 1) * partSize)
    const reply = await putPart(caller, id, number, part)
    if (reply.status !== 200) throw new Error(reply.text)
  }
  return id
}

/** One part of a file, as bytes. */
export function putPart(caller: Caller, id: string, number: number, part: Buffer) {
  const headers = { 'content-type': 'application/octet-stream' }
  return caller.call(putImportPart, { params: { id, number: String(number) }, body: part, headers })
}

/** What the file is, and the suggested mapping. */
export async function inspected(caller: Caller, id: string): Promise<Inspection> {
  const reply = await caller.call(inspectImport, { params: { id }, body: {} })
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.body
}

/** Saves a mapping: the suggested one, with changes. */
export async function map(caller: Caller, id: string, changes: Partial<Mapping> = {}): Promise<Mapping> {
  const { suggestion } = await inspected(caller, id)
  const mapping = { ...suggestion, ...changes }
  const reply = await caller.call(putImportMapping, { params: { id }, body: mapping })
  if (reply.status !== 200) throw new Error(reply.text)
  return mapping
}

/** Waits until nothing of the import runs any more. */
export async function settled(caller: Caller, id: string): Promise<ImportLine> {
  for (;;) {
    const { body } = await caller.call(getImport, { params: { id } })
    if (!['queued', 'running', 'undoing'].includes(body.state)) return body
    await delay(20)
  }
}

/** Uploads, maps as suggested and imports a file. */
export async function imported(
  caller: Caller,
  kind: ImportKind,
  content: string | Uint8Array,
  changes: Partial<Mapping> = {},
): Promise<ImportLine> {
  const id = await upload(caller, kind, content)
  await map(caller, id, changes)
  const started = await caller.call(runImport, { params: { id } })
  if (started.status !== 202) throw new Error(started.text)
  return settled(caller, id)
}

/** The report of the latest run. */
export async function rowsOf(caller: Caller, id: string, outcome?: string) {
  const query = { limit: '200', ...(outcome ? { outcome } : {}) }
  return (await caller.call(listImportRows, { params: { id }, query })).body.items
}

/** A list of people with user id, e-mail address and name. */
export function contactsFile(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `u${index},p${index}@example.test,担当者 ${index}`)
  return `user id,email,name\n${lines.join('\n')}\n`
}

/** People whom a company has. */
export async function countContacts(company: TestCompany): Promise<number> {
  const { rows } = await asSystem(company, ctx =>
    sql<{ count: number }>`select count(*)::int as count from contact where tenant_id = ${ctx.tenantId}`.execute(
      ctx.tx,
    ),
  )
  return rows[0]!.count
}
