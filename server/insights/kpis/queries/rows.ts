import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { memberName } from '../../../customers/accounts/queries/customers.ts'
import { type Context, record } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { byteOrderMark, csvLine } from '../../../platform/http/csv.ts'
import { Download } from '../../../platform/http/implement.ts'
import { cursorOf, readCursor } from '../../../platform/http/paging.ts'
import type { Permission } from '../../../platform/permissions/contract.ts'
import type { KpiDefinition } from '../catalog/shape.ts'
import { definedKpi, headlineOf, monthsOf } from './kpis.ts'
import { companyOf, relations, type Whose } from './statement.ts'

export interface RowsWish extends Whose {
  month?: string
  order: 'asc' | 'desc'
}

interface Row {
  id: string
  name: string
  tierKey: string | null
  ownerName: string | null
  numerator: number
  denominator: number | null
}

/**
 * The customers behind a value, each with what it adds to it: their numerators and denominators sum up to those of the
 * value.
 * @throws AppError `not_found`, `invalid_input` for a month to come
 */
export async function kpiRows(
  ctx: Context,
  key: string,
  { month, order, limit, cursor, ...whose }: RowsWish & { limit: number; cursor?: string },
) {
  const after = readCursor(cursor, 3)
  const rows = await read(ctx, definedKpi(key), whose, { month, order, limit: limit + 1, after })
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { items: shown, next: last ? cursorOf([last.numerator, last.denominator ?? 0, last.id]) : null }
}

/** All of them as CSV. @throws AppError `not_found`, `invalid_input` */
export async function exportRows(ctx: Context, key: string, { month, order, ...whose }: RowsWish): Promise<Download> {
  const kpi = definedKpi(key)
  const rows = await read(ctx, kpi, whose, { month, order }, 'customers.export')
  record(ctx, { action: 'kpi.exported', details: { kpi: key, month: month ?? null } })
  const { numerator, denominator } = kpi.parts
  const word = ctx.locale === 'ja' ? ['顧客', 'ティア', '担当CSM'] : ['Customer', 'Tier', 'CSM']
  const head = [...word, numerator[ctx.locale], ...(denominator ? [denominator[ctx.locale]] : [])]
  function* lines(): Generator<string> {
    yield byteOrderMark + csvLine(head)
    for (const row of rows) {
      const parts = [row.numerator, ...(denominator ? [row.denominator ?? 0] : [])].map(String)
      yield csvLine([row.name, row.tierKey ?? '', row.ownerName ?? '', ...parts])
    }
  }
  return new Download(Readable.from(lines()), 'text/csv; charset=utf-8', `kizuna-${key}.csv`)
}

interface Page {
  month?: string
  order: 'asc' | 'desc'
  limit?: number
  after?: (string | number)[]
}

async function read(
  ctx: Context,
  kpi: KpiDefinition,
  whose: Whose,
  { month, order, limit, after }: Page,
  permission: Permission = 'customers.read',
): Promise<Row[]> {
  const company = await companyOf(ctx)
  const wanted = month ?? monthsOf(company, kpi)[headlineOf(kpi)]
  if (wanted > company.today.slice(0, 7)) {
    throw invalidField('query.month', {
      ja: '今月以前の月を指定してください。',
      en: 'Name this month or an earlier one.',
    })
  }
  const [beyond, direction] = order === 'asc' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`]
  const { rows } = await sql<Row>`
    with ${relations(ctx, company, kpi, whose, [wanted], permission)},
    summed as (
      select p.customer_id as id, sum(p.numerator)::float8 as numerator, coalesce(sum(p.denominator), 0)::float8 as denominator
      from part p group by p.customer_id)
    select t.id, c.name, c.tier_key as "tierKey", ${memberName(ctx, sql`c.owner_id`)} as "ownerName", t.numerator,
      ${kpi.parts.denominator ? sql`t.denominator` : sql`null::float8`} as denominator
    from summed t join asked c on c.id = t.id
    where ${after ? sql`(t.numerator, t.denominator, t.id) ${beyond} (${after[0]}::float8, ${after[1]}::float8, ${after[2]}::uuid)` : sql`true`}
    order by t.numerator ${direction}, t.denominator ${direction}, t.id ${direction} limit ${limit ?? null}`.execute(
    ctx.tx,
  )
  return rows
}
