import { type RawBuilder, sql } from 'kysely'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Context } from '../../../platform/context/context.ts'
import type { FieldDefinition } from '../../../platform/context/vocabulary.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { customerColumns, type ExportColumn } from '../catalog.ts'

/** Most fields that a list shows beside those of the record. */
const most = 20

/**
 * What a list of customers shows beside the record: fields of the condition language, metrics included, as a JSON object
 * by their ids, read for the rows of a page only.
 * @param names ids with commas
 * @throws AppError `invalid_input` for a field that there is not
 */
export async function shownFields(ctx: Context, names: string | undefined): Promise<RawBuilder<unknown> | undefined> {
  if (!names) return undefined
  const { fields, zone } = await vocabularyOf(ctx)
  const wanted = [...new Set(names.split(','))].map(name => fields.customer.get(name) ?? refuse(name))
  if (wanted.length > most) {
    throw invalidField('query.fields', {
      ja: `一度に表示できる項目は${most}個までです。`,
      en: `At most ${most} fields can be shown at a time.`,
    })
  }
  const pairs = wanted.map(field => sql`${sql.lit(field.id)}, ${shown(field, zone)}`)
  const figures = wanted.some(field => field.isMetric)
    ? sql`left join customer_figures figures_now on figures_now.tenant_id = ${ctx.tenantId} and figures_now.customer_id = c.id`
    : sql``
  return sql`(select json_build_object(${sql.join(pairs)}) from (select 1) one ${figures})`
}

function shown({ kind, value, isMoment }: FieldDefinition, zone: string): RawBuilder<unknown> {
  if (kind === 'number') return sql`(${value})::float8`
  if (kind !== 'date') return sql`${value}`
  return isMoment ? sql`((${value}) at time zone ${zone})::date` : sql`(${value})::date`
}

/** The columns of a file that are fields of the condition language, by their ids. */
export async function exportedFields(
  ctx: Context,
  columns: string | undefined,
): Promise<Readonly<Record<string, ExportColumn>>> {
  const names = (columns ?? '').split(',').filter(name => name !== '' && !Object.hasOwn(customerColumns, name))
  if (names.every(name => name.startsWith('attributes.'))) return {}
  const { fields } = await vocabularyOf(ctx)
  return Object.fromEntries(
    names.flatMap(name => {
      const field = name.startsWith('attributes.') ? undefined : fields.customer.get(name)
      return field ? [[name, { ...field.words, type: field.kind === 'date' ? 'date' : 'text' }] as const] : []
    }),
  )
}

function refuse(name: string): never {
  throw invalidField('query.fields', {
    ja: `「${name.slice(0, 60)}」という項目はありません。指標カタログを確認してください。`,
    en: `There is no field "${name.slice(0, 60)}". Look it up in the catalogue.`,
  })
}
