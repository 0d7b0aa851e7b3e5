import { sql } from 'kysely'
import type { z } from 'zod'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import type { previewImport } from '../contract/imports.ts'
import type { ImportKind, Mapping } from '../contract/shapes.ts'
import { interpret, type Plan, planOf, readStep } from '../interpretation.ts'
import { type OpenedFile, openFile } from '../opened-file.ts'
import { attributeShapes, companyOf, readingOf } from '../queries/company.ts'
import { openContent } from '../queries/content.ts'
import { shownProblem } from '../queries/rows.ts'
import type { RawRow } from '../row.ts'
import { SeenKeys } from '../seen-keys.ts'
import { workOff } from './chunk.ts'
import { workOffUsage } from './usage.ts'

/** Rows of which each cell is read, to tell how well the columns fit. */
const checkedRows = 10_000

type Preview = RouteReply<typeof previewImport>

/**
 * The first rows of the file as they would arrive, or the first that have a problem cell; and of its beginning how many
 * cells of each column cannot be read. Looks records up, and writes nothing.
 */
export async function previewRows(
  ctx: Context,
  id: string,
  { limit, only }: z.output<typeof previewImport.query>,
): Promise<Preview> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ kind: ImportKind; mapping: Mapping | null }>`
    select kind, mapping from data_import where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  const { kind, mapping } = rows[0]
  if (!mapping) {
    throw new AppError('conflict', { ja: '先に列の対応を保存してください。', en: 'Save where the columns go first.' })
  }
  const file = await openFile(await openContent(ctx, id), {
    ...mapping,
    columns: mapping.assignments.map(({ column }) => column),
  })
  try {
    const reading = readingOf(mapping, await companyOf(ctx))
    const plan = planOf(kind, mapping, file.columns, await attributeShapes(ctx, kind), reading)
    const { raws, ...check } = await checkRows(plan, file, limit, only === 'faulty')
    const wish = { importId: id, run: 0, plan, duplicates: mapping.duplicates, seen: new SeenKeys() }
    const { results } = kind === 'usage' ? await workOffUsage(ctx, wish, raws) : await workOff(ctx, wish, raws)
    return {
      ...check,
      rows: results.map((result, index) => {
        const { values, attributes } = interpret(plan, raws[index]!)
        const shown = {
          ...values,
          ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`attribute:${key}`, value])),
        }
        return { row: result.row, outcome: result.outcome, values: shown, problems: result.problems.map(shownProblem) }
      }),
    }
  } finally {
    file.close()
  }
}

/** Reads the beginning of the file cell by cell. @returns the rows to show, and how many cells of each column are refused */
async function checkRows(
  plan: Plan,
  file: OpenedFile,
  limit: number,
  faultyOnly: boolean,
): Promise<Pick<Preview, 'checked' | 'faulty' | 'columns'> & { raws: RawRow[] }> {
  const columns: Preview['columns'] = plan.steps.map(({ target, column }) => ({
    target: target.name,
    column,
    filled: 0,
    refused: 0,
  }))
  const raws: RawRow[] = []
  let checked = 0
  let faulty = 0
  for await (const batch of file.rows()) {
    for (const raw of batch) {
      if (checked >= checkedRows) break
      checked++
      let isFaulty = raw.problem !== undefined
      for (const [index, step] of plan.steps.entries()) {
        const text = raw.cells[step.place] ?? ''
        if (text.trim() === '') continue
        columns[index]!.filled++
        if (!('problem' in readStep(plan, step, text))) continue
        columns[index]!.refused++
        isFaulty = true
      }
      if (isFaulty) faulty++
      if (raws.length < limit && (isFaulty || !faultyOnly)) raws.push(raw)
    }
    if (checked >= checkedRows) break
  }
  const fixed = Object.keys(plan.constants).map(target => ({ target, column: null, filled: 0, refused: 0 }))
  return { checked, faulty, columns: [...columns, ...fixed], raws }
}
