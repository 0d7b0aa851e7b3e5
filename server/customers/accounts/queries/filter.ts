import { type RawBuilder, sql } from 'kysely'
import { type Condition, condition } from '../../../catalog/conditions/contract.ts'
import { compileCondition } from '../../../catalog/conditions/queries/sql.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { RecordKind } from '../../../platform/context/vocabulary.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import type { Locale, Words } from '../../../platform/errors/words.ts'
import { checkPart } from '../../../platform/http/problem.ts'

/**
 * Reads the condition by which a list is narrowed, as a condition on `c`.
 * @param text JSON of the condition language, as it stands in the query
 * @throws AppError `invalid_input` that says which part is wrong, and why
 */
export async function filterCondition(
  ctx: Context,
  record: RecordKind,
  text: string | undefined,
): Promise<RawBuilder<unknown>[]> {
  if (!text) return []
  const { joins, where, joined } = await compileCondition(ctx, record, readFilter(text, ctx.locale)).catch(inQuery)
  if (!joined) return [where]
  // What needs joins is asked for apart, so that lists keep their form and their indexes.
  return [
    sql`c.id in (select c.id from ${sql.table(record)} c ${joins}
      where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and ${where})`,
  ]
}

/** Longer than this nobody waits for a list (ms); what is counted while a condition is written has the same. */
const patience = 5_000

/**
 * Reads what a filter narrows, with the same patience as its preview.
 * @param text the filter as it stands in the query; without one there is no limit but that of every statement
 * @throws AppError `invalid_input` for a filter that takes too long
 */
export async function readPatiently<Rows>(
  ctx: Context,
  text: string | undefined,
  read: () => Promise<Rows>,
): Promise<Rows> {
  if (!text) return read()
  await sql`set local statement_timeout = ${sql.lit(patience)}`.execute(ctx.tx)
  const rows = await read().catch(error => {
    if ((error as { code?: string }).code !== '57014') throw error
    throw invalidField('query.filter', {
      ja: '条件の計算に時間がかかりすぎるため、一覧を表示できません。期間を短くするか、条件を絞り込んでください。',
      en: 'The filter takes too long to work out. Choose fewer days, or narrow it down.',
    })
  })
  await sql`set local statement_timeout = default`.execute(ctx.tx)
  return rows
}

function readFilter(text: string, locale: Locale): Condition {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const words: Words = {
      ja: '条件の形式が正しくありません。{"all":[{"field":"arr","op":"at_least","value":1000000}]} の形で送ってください。',
      en: 'The filter is malformed. Send it as {"all":[{"field":"arr","op":"at_least","value":1000000}]}.',
    }
    throw new AppError('invalid_input', words, { faults: [{ path: 'query.filter', message: words }], cause })
  }
  return checkPart(condition, value, 'query.filter', locale) as Condition
}

/** The place of a fault, as it is called in a query. */
function inQuery(error: unknown): never {
  if (!(error instanceof AppError)) throw error
  const faults = error.faults.map(fault => ({ ...fault, path: fault.path.replace('body.condition', 'query.filter') }))
  throw new AppError(error.code, error.words, { faults, cause: error })
}
