import { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { z } from 'zod'
import { asActorNow } from '../../../platform/administration/present.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { Locale } from '../../../platform/errors/words.ts'
import type { RouteReply } from '../../../platform/http/contract.ts'
import { csvLine } from '../../../platform/http/csv.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { importReport, listImportRows } from '../contract/imports.ts'
import type { Outcome } from '../contract/shapes.ts'
import { problemWords } from '../problem-words.ts'
import type { Problem } from '../row.ts'

interface Line {
  row: number
  outcome: Outcome
  recordId: string | null
  problems: Problem[] | null
}

/** A problem as the API shows it. */
export function shownProblem(problem: Problem) {
  return { column: problem.column, value: problem.value ?? null, message: problemWords(problem) }
}

/** What became of the rows in the latest run, in their order. */
export async function readRows(
  ctx: Context,
  id: string,
  query: z.output<typeof listImportRows.query>,
): Promise<RouteReply<typeof listImportRows>> {
  const run = await latestRun(ctx, id)
  const after = readCursor(query.cursor, 1)
  const lines = await readLines(ctx, id, run, query.outcome, Number(after?.[0] ?? 0), query.limit + 1)
  const items = lines
    .slice(0, query.limit)
    .map(line => ({ ...line, problems: (line.problems ?? []).map(shownProblem) }))
  return { items, next: lines.length > query.limit ? cursorOf([items.at(-1)!.row]) : null }
}

const reportPage = 2_000

/** The report as CSV in the reader's language, with a byte order mark for Excel; read page by page. */
export async function streamReport(
  ctx: Context,
  id: string,
  { outcome }: z.output<typeof importReport.query>,
): Promise<Readable> {
  const run = await latestRun(ctx, id)
  const { locale } = ctx
  async function* lines(): AsyncGenerator<string> {
    yield `\ufeff${csvLine(headings[locale])}`
    for (let after = 0; ; ) {
      const page = await asActorNow(ctx, 'imports.manage', present =>
        readLines(present, id, run, outcome === 'all' ? undefined : outcome, after, reportPage),
      )
      if (page.length > 0) yield page.map(line => linesOf(line, locale)).join('')
      if (page.length < reportPage) return
      after = page.at(-1)!.row
    }
  }
  return Readable.from(lines())
}

const headings: Record<Locale, string[]> = {
  ja: ['行', '結果', '列', '値', '理由', '記録のID'],
  en: ['Row', 'Outcome', 'Column', 'Value', 'Reason', 'Record'],
}
const outcomeWords: Record<Locale, Record<Outcome, string>> = {
  ja: { created: '作成', updated: '更新', unchanged: '変更なし', skipped: 'スキップ', failed: 'エラー' },
  en: { created: 'created', updated: 'updated', unchanged: 'unchanged', skipped: 'skipped', failed: 'failed' },
}

/** One line for each problem of a row, one for a row without any. */
function linesOf({ row, outcome, recordId, problems }: Line, locale: Locale): string {
  const shown = problems && problems.length > 0 ? problems : [undefined]
  return shown
    .map(problem =>
      csvLine([
        String(row),
        outcomeWords[locale][outcome],
        problem?.column ?? '',
        problem?.value ?? '',
        problem ? problemWords(problem)[locale] : '',
        recordId ?? '',
      ]),
    )
    .join('')
}

async function readLines(
  ctx: Context,
  id: string,
  run: number,
  outcome: Outcome | undefined,
  after: number,
  limit: number,
): Promise<Line[]> {
  const filter = outcome ? sql`and r.outcome = ${outcome}` : sql``
  const { rows } = await sql<Line>`
    select r.row::float8 as row, r.outcome, r.record_id as "recordId", r.problems from import_row r
    where r.tenant_id = ${ctx.tenantId} and r.import_id = ${id} and r.run = ${run} and r.row > ${after} ${filter}
    order by r.row limit ${limit}`.execute(ctx.tx)
  return rows
}

async function latestRun(ctx: Context, id: string): Promise<number> {
  requirePermission(ctx, 'imports.manage')
  const { rows } = await sql<{ run: number }>`
    select run from data_import where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound()
  return rows[0].run
}
