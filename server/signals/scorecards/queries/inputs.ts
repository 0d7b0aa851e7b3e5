import { type RawBuilder, sql } from 'kysely'
import { compileWith } from '../../../catalog/conditions/queries/sql.ts'
import type { ConditionVocabulary } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import type { Factor, ScorecardDefinition } from '../contract/definition.ts'

/** Keys of the metrics that a definition looks at. */
export function metricKeys({ factors }: Pick<ScorecardDefinition, 'factors'>): string[] {
  return [...new Set(factors.flatMap(({ input }) => ('metric' in input ? [input.metric] : [])))]
}

/**
 * What a factor looks at, as an expression on the customer `c` and its metrics `m`; null where it is not known.
 * @param day YYYY-MM-DD; what was judged by hand counts while it had not expired
 * @throws AppError `invalid_input` for a field that does not exist
 */
export function inputOf(
  reader: Pick<Reader, 'tenantId'>,
  vocabulary: ConditionVocabulary,
  factor: Factor,
  day: string,
): RawBuilder<number | null> {
  const { input } = factor
  if ('metric' in input) {
    const metric = sql<number>`${sql.id('m', input.metric)}`
    if (!input.expected) return metric
    const { plans, otherwise } = input.expected
    const cases = Object.entries(plans).map(
      ([plan, expected]) => sql`when ${plan.toLowerCase()} then ${expected}::float8`,
    )
    return sql`(100 * ${metric} / case lower(c.plan) ${sql.join(cases, sql` `)} else ${otherwise}::float8 end)`
  }
  if ('manual' in input) {
    return sql`(select j.value::float8 from manual_measure j where j.tenant_id = ${reader.tenantId} and j.customer_id = c.id
      and j.key = ${input.manual} and (j.measured_at at time zone ${vocabulary.zone})::date <= ${day}::date
      and (j.expires_on is null or j.expires_on >= ${day}::date) order by j.measured_at desc, j.id desc limit 1)`
  }
  const field = vocabulary.fields.customer.get(input.field)
  if (!field || field.isMetric) {
    throw invalidField('body.definition.factors', {
      ja: `要素「${factor.nameJa}」: 「${input.field}」という項目はありません。`,
      en: `Factor "${factor.nameEn}": there is no field "${input.field}".`,
    })
  }
  const values = input.values ?? {}
  if (Object.keys(values).length === 0) {
    if (field.kind === 'number') return sql`(${field.value})::float8`
    if (field.kind === 'boolean')
      return sql`(case when ${field.value} then 1 when not (${field.value}) then 0 end)::float8`
    throw invalidField('body.definition.factors', {
      ja: `要素「${factor.nameJa}」: 値ごとの点数を指定してください。`,
      en: `Factor "${factor.nameEn}": say what each value is worth.`,
    })
  }
  const cases = Object.entries(values).map(([value, worth]) => sql`when ${value} then ${worth}::float8`)
  return sql`(case (${field.value})::text ${sql.join(cases, sql` `)} end)::float8`
}

/** Whether the customer `c` meets each exception: conditions with the joins that they need. */
export function exceptionsOf(
  reader: Pick<Reader, 'tenantId'>,
  vocabulary: ConditionVocabulary,
  definition: ScorecardDefinition,
) {
  return definition.exceptions.map(({ condition }) => {
    const { joins, where, joined } = compileWith(vocabulary, reader, 'customer', condition)
    return joined
      ? sql<boolean>`(c.id in (select c.id from customer c ${joins} where c.tenant_id = ${reader.tenantId} and ${where}))`
      : sql<boolean>`coalesce(${where}, false)`
  })
}
