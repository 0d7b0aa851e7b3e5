import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { z } from 'zod'
import { chooseMapping, inspectFile } from './collect/imports/commands/choices.ts'
import { startRun } from './collect/imports/commands/start.ts'
import { beginImport, storePart } from './collect/imports/commands/upload.ts'
import { partSize } from './collect/imports/contract/imports.ts'
import { type ImportLine, importKinds, type Mapping } from './collect/imports/contract/shapes.ts'
import { readImport } from './collect/imports/queries/imports.ts'
import { readMappings } from './collect/imports/queries/mappings.ts'
import { readRows } from './collect/imports/queries/rows.ts'
import { jobDefinitions } from './modules.ts'
import { operate, operator, origin } from './operate.ts'
import { tenantOrOnly } from './operator-companies.ts'
import { checked } from './operator-wishes.ts'
import type { Context } from './platform/context/context.ts'
import { AppError } from './platform/errors/app-error.ts'
import type { Words } from './platform/errors/words.ts'
import { inTenant } from './platform/tenancy/transaction.ts'
import { startRunner } from './platform/work/runner.ts'

const importWish = z.object({
  kind: z.enum(importKinds),
  file: z.string(),
  tenant: z.string().optional(),
  /** Name of a saved mapping; the suggested one without it. */
  mapping: z.string().optional(),
  dryRun: z.boolean(),
  duplicates: z.enum(['skip', 'update', 'create']).optional(),
})

/** What an import from the command line came to. */
export interface ImportReport {
  import: ImportLine
  mapping: Mapping
  /** The first rows that were refused. */
  failed: { row: number; problems: { column: string | null; value: string | null; message: Words }[] }[]
}

/** Told while it goes on: where the columns go, then how far it is. */
export interface ImportListener {
  mapped(mapping: Mapping): void
  progress(line: ImportLine): void
}

/**
 * Imports a file of this machine, as the page does it: uploads, maps as suggested or as saved, and waits for the end. The
 * work is done here or by a worker that runs, whichever comes first.
 * @throws AppError `not_found` for file, company or mapping, `invalid_input` for what cannot be imported
 */
export async function importFile(wish: z.input<typeof importWish>, listener: ImportListener): Promise<ImportReport> {
  const { kind, file, tenant, mapping: name, dryRun, duplicates } = checked(importWish, wish)
  return operate(async installation => {
    const tenantId = await tenantOrOnly(installation, tenant)
    const inside = <Result>(work: (ctx: Context) => Promise<Result>) =>
      inTenant(installation, origin(), tenantId, operator, work)
    const saved = name === undefined ? undefined : await inside(ctx => savedMapping(ctx, kind, name))
    const id = await takeIn(inside, kind, file)
    const chosen = saved ?? (await inside(ctx => inspectFile(ctx, id, {}))).suggestion
    const mapping = duplicates ? { ...chosen, duplicates } : chosen
    listener.mapped(mapping)
    await inside(async ctx => {
      await chooseMapping(ctx, id, mapping)
      await startRun(ctx, id, dryRun ? 'dry' : 'real')
    })
    const definitions = jobDefinitions.filter(({ name }) => name === 'imports.run')
    const runner = startRunner({ installation, definitions, workers: 1, log: pino({ level: 'silent' }) })
    try {
      for (;;) {
        const line = await inside(ctx => readImport(ctx, id))
        listener.progress(line)
        if (line.state !== 'queued' && line.state !== 'running') {
          const { items } = await inside(ctx => readRows(ctx, id, { limit: 20, outcome: 'failed' }))
          return { import: line, mapping, failed: items.map(({ row, problems }) => ({ row, problems })) }
        }
        await delay(250)
      }
    } finally {
      await runner.close()
    }
  }, 6)
}

async function savedMapping(ctx: Context, kind: string, name: string): Promise<Mapping> {
  const { items } = await readMappings(ctx)
  const found = items.find(item => item.name === name && item.kind === kind)
  if (found) return found.mapping
  throw new AppError('not_found', {
    ja: `保存した設定「${name}」はありません。`,
    en: `There is no saved mapping "${name}" for ${kind}.`,
  })
}

async function takeIn(
  inside: <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>,
  kind: (typeof importKinds)[number],
  path: string,
): Promise<string> {
  const handle = await open(path).catch(() => {
    throw new AppError('not_found', { ja: `ファイル ${path} を開けません。`, en: `The file ${path} cannot be opened.` })
  })
  try {
    const state = await handle.stat()
    if (!state.isFile() || state.size === 0) {
      throw new AppError('invalid_input', {
        ja: `${path} は空か、ファイルではありません。`,
        en: `${path} is empty or no file.`,
      })
    }
    const { size } = state
    const id = await inside(ctx => beginImport(ctx, { kind, fileName: basename(path), size, source: 'terminal' }))
    for (let number = 0; number * partSize < size; number++) {
      const part = Buffer.alloc(Math.min(partSize, size - number * partSize))
      await handle.read(part, 0, part.length, number * partSize)
      await inside(ctx => storePart(ctx, id, number, part))
    }
    return id
  } finally {
    await handle.close()
  }
}
