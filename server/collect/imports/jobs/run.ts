import { z } from 'zod'
import { createAttributes } from '../../../customers/attributes/commands/attributes.ts'
import { type Context, enqueue, record, tenantIdOf } from '../../../platform/context/context.ts'
import type { Installation } from '../../../platform/context/installation.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import { type Inside, insideOf } from '../../../platform/tenancy/inside.ts'
import { outsideJob } from '../../../platform/work/definition.ts'
import { kinds } from '../catalog/kinds.ts'
import { countedWith, type RowResult, workOff, writeResults } from '../commands/chunk.ts'
import { runJob } from '../commands/start.ts'
import { workOffUsage } from '../commands/usage.ts'
import { type Plan, planOf } from '../interpretation.ts'
import { openFile } from '../opened-file.ts'
import { attributeShapes, companyOf, readingOf } from '../queries/company.ts'
import { openStoredContent } from '../queries/content.ts'
import { problemOf, type RawRow } from '../row.ts'
import { SeenKeys } from '../seen-keys.ts'
import { advance, beginRun, clearOldRows, endRun, type Run } from './progress.ts'

/** Rows of one transaction. */
const chunkRows = 2_000
/** Of usage with counts: each row may be hundreds of events. */
const chunkCounted = 100
/** Characters of one transaction: rows may be long. */
const chunkText = 4_000_000
/** Until a run that waits for another one looks again (ms). */
const waitFor = 2_000

/** Thrown to stop where somebody else goes on, or nobody is to. */
class Stopped extends Error {}

/** Runs an import, dry or real: chunk by chunk, each in a transaction with its report and its place in the file. */
export const runImportJob = outsideJob({
  name: runJob,
  payload: z.object({ tenantId: z.string(), importId: z.uuid(), run: z.number().int() }),
  async handle(installation, { tenantId, importId, run: number }, signal) {
    const inside = insideOf(installation, tenantId, 'imports')
    const run = await inside(async ctx => {
      const begun = await beginRun(ctx, importId, number)
      if (begun === 'wait') {
        enqueue(ctx, {
          name: runJob,
          payload: { tenantId, importId, run: number },
          runAt: new Date(ctx.now.getTime() + waitFor),
        })
      }
      return begun
    })
    if (run === undefined || run === 'wait') return
    while (await inside(ctx => clearOldRows(ctx, importId)));
    try {
      await readAndWrite(installation, tenantId, inside, run, signal)
    } catch (error) {
      if (error instanceof Stopped) return
      // What is wrong with the file stays wrong; anything else may pass, and the job is tried again where it was.
      if (!(error instanceof AppError) || !['invalid_input', 'expired'].includes(error.code)) throw error
      await inside(async ctx => {
        await endRun(ctx, run, 'failed', error.words)
        noteEnd(ctx, run, 'failed')
      })
    }
  },
})

async function readAndWrite(
  installation: Installation,
  tenantId: string,
  inside: Inside,
  run: Run,
  signal: AbortSignal,
): Promise<void> {
  const content = await openStoredContent(installation, originOf, tenantIdOf(tenantId), run.importId)
  const file = await openFile(content, { ...run.mapping, columns: run.mapping.assignments.map(({ column }) => column) })
  try {
    const plan = await inside(async ctx => {
      if (run.mode === 'real') await makeAttributes(ctx, run)
      const reading = readingOf(run.mapping, await companyOf(ctx))
      return planOf(run.kind, run.mapping, file.columns, await attributeShapes(ctx, run.kind), reading)
    })
    const seen = run.mode === 'dry' ? new SeenKeys() : undefined
    const counted = run.kind === 'usage' && plan.steps.some(({ target }) => target.name === 'count')
    for await (const rows of chunksOf(file.rows(), run.position, counted ? chunkCounted : chunkRows)) {
      if (signal.aborted) throw new Error('The worker stops; the import goes on with another one.')
      await writeChunk(inside, run, plan, seen, rows, content.progress())
    }
  } finally {
    file.close()
  }
  await inside(async ctx => {
    await endRun(ctx, run, 'done')
    noteEnd(ctx, run, 'done')
  })
}

/** Rows behind the place where a run was, so many at a time. */
async function* chunksOf(batches: AsyncIterable<RawRow[]>, position: number, most: number): AsyncGenerator<RawRow[]> {
  let chunk: RawRow[] = []
  let text = 0
  for await (const batch of batches) {
    for (const raw of batch) {
      if (raw.row <= position) continue
      chunk.push(raw)
      for (const cell of raw.cells) text += cell.length
      if (chunk.length < most && text < chunkText) continue
      yield chunk
      chunk = []
      text = 0
    }
  }
  if (chunk.length > 0) yield chunk
}

/**
 * Writes rows in one transaction. Where the database refuses them, they are divided until the row at fault is alone: it
 * alone is refused.
 */
async function writeChunk(
  inside: Inside,
  run: Run,
  plan: Plan,
  seen: SeenKeys | undefined,
  rows: RawRow[],
  progress: number,
): Promise<void> {
  const work = (refused: string | undefined) =>
    inside(async ctx => {
      const position = rows.at(-1)!.row
      const place = await advance(ctx, run, { position, counts: run.counts, progress })
      if (place === 'lost') return 'lost'
      if (place === 'cancel') {
        await endRun(ctx, { importId: run.importId, run: run.run }, 'cancelled')
        noteEnd(ctx, run, 'cancelled')
        return 'cancel'
      }
      const wish = { importId: run.importId, run: run.run, plan, duplicates: run.mapping.duplicates, seen }
      const results =
        refused === undefined
          ? (await (run.kind === 'usage' ? workOffUsage : workOff)(ctx, wish, rows)).results
          : rows.map(
              ({ row }): RowResult => ({
                row,
                outcome: 'failed',
                recordId: null,
                changes: null,
                problems: [problemOf(null, refused === '23505' ? 'exists' : 'refused')],
              }),
            )
      await writeResults(ctx, run.importId, run.run, results)
      const counts = countedWith(run.counts, results)
      await advance(ctx, { ...run, position }, { position, counts, progress })
      return { position, counts }
    })
  const done = await work(undefined).catch((error: unknown) => {
    const code = (error as { code?: string }).code ?? ''
    // 22 data, 23 constraint; 54000 too complex: of these rows. Anything else is not about them.
    if (error instanceof AppError || !/^(22|23|54)/.test(code)) throw error
    return { refused: code }
  })
  if (done === 'lost' || done === 'cancel') throw new Stopped()
  if (!('refused' in done)) {
    Object.assign(run, done)
    return
  }
  if (rows.length > 1) {
    const middle = rows.length >> 1
    await writeChunk(inside, run, plan, seen, rows.slice(0, middle), progress)
    await writeChunk(inside, run, plan, seen, rows.slice(middle), progress)
    return
  }
  const alone = await work(done.refused)
  if (alone === 'lost' || alone === 'cancel') throw new Stopped()
  Object.assign(run, alone)
}

/** The attributes that the mapping brings along, unless the company has them already. */
async function makeAttributes(ctx: Context, run: Run): Promise<void> {
  const kind = kinds[run.kind].attributesOf
  if (!kind) return
  const wanted = run.mapping.assignments.flatMap(({ target, attribute }) =>
    attribute ? [{ record: kind, key: target.slice('attribute:'.length), ...attribute }] : [],
  )
  await createAttributes(ctx, wanted, run.importId)
}

function noteEnd(ctx: Context, run: Run, end: 'done' | 'failed' | 'cancelled'): void {
  const subject = { kind: 'import', id: run.importId }
  record(ctx, {
    action: 'import.finished',
    outcome: end === 'failed' ? 'failed' : 'done',
    subject,
    details: { kind: run.kind, mode: run.mode, end, ...run.counts },
  })
  ctx.pending.events.push({ type: 'import.finished', subject, payload: { kind: run.kind, mode: run.mode, end } })
}

export function originOf() {
  return { requestId: 'imports', network: undefined, locale: 'ja', now: new Date() } as const
}
