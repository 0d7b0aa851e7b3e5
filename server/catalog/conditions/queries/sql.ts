import { type RawBuilder, sql } from 'kysely'
import type { Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import type { Condition, MetricChange } from '../contract.ts'
import { checkComparison, checkProperty, conditionFault, isStorable } from '../faults.ts'
import { happened, Joins } from './behaviour.ts'
import { comparedChange, compareField } from './comparison.ts'
import { type ConditionVocabulary, vocabularyOf } from './vocabulary.ts'

export interface Compiled {
  /** Joins to the record `c`; nothing for conditions on plain fields, so that indexes serve. */
  joins: RawBuilder<unknown>
  /** A condition on `c` and the joins: true, false or null, which counts as false. */
  where: RawBuilder<boolean>
  /** Whether there are joins. */
  joined: boolean
}

/**
 * Compiles a condition to SQL on a customer or contact `c`. Names come from the vocabulary only; values are parameters.
 * Each behaviour is one grouped sub-select that is joined once.
 * @param only a statement of ids of the record to which behaviours keep; left out: of everybody
 * @throws AppError `invalid_input` that says which part cannot be compiled, and why
 */
export async function compileCondition(
  reader: Reader,
  record: RecordKind,
  condition: Condition,
  only?: RawBuilder<unknown>,
): Promise<Compiled> {
  return compileWith(await vocabularyOf(reader, condition), reader, record, condition, only)
}

/** The same for callers that know the company's vocabulary. */
export function compileWith(
  vocabulary: ConditionVocabulary,
  reader: Pick<Reader, 'tenantId'>,
  record: RecordKind,
  condition: Condition,
  only?: RawBuilder<unknown>,
): Compiled {
  const joins = new Joins(reader.tenantId, record, vocabulary, only)
  const where = compile({ vocabulary, tenantId: reader.tenantId, record, joins }, condition, '')
  return { joins: joins.statement(), where, joined: joins.size > 0 }
}

/** Several conditions on the same records, with joins that they share. */
export function compileSeveral(
  vocabulary: ConditionVocabulary,
  reader: Pick<Reader, 'tenantId'>,
  record: RecordKind,
  conditions: readonly Condition[],
  only?: RawBuilder<unknown>,
): { joins: RawBuilder<unknown>; where: RawBuilder<boolean>[] } {
  const joins = new Joins(reader.tenantId, record, vocabulary, only)
  const at = { vocabulary, tenantId: reader.tenantId, record, joins }
  const where = conditions.map(condition => compile(at, condition, ''))
  return { joins: joins.statement(), where }
}

interface Surroundings {
  vocabulary: ConditionVocabulary
  tenantId: string
  record: RecordKind
  joins: Joins
}

function compile(at: Surroundings, condition: Condition, path: string): RawBuilder<boolean> {
  if ('all' in condition) return joined(at, condition.all, `${path}all.`, sql` and `, sql`true`)
  if ('any' in condition) return joined(at, condition.any, `${path}any.`, sql` or `, sql`false`)
  // Null stands for false in a formula without NOT; here it has to become it.
  if ('not' in condition) return sql`not coalesce(${compile(at, condition.not, `${path}not.`)}, false)`
  if ('field' in condition) {
    const field = checkComparison(at.vocabulary.fields[at.record].get(condition.field), condition, trimmed(path))
    checkTexts(condition.value, path)
    if (field.isMetric) at.joins.figures()
    return compareField(field, condition, at.vocabulary)
  }
  if ('metric' in condition) return changed(at, condition, path)
  if ('contacts' in condition) return aboutContacts(at, condition, path)
  if ('customer' in condition) {
    if (at.record === 'customer') {
      throw conditionFault(
        trimmed(path),
        '「customer」は関係者の条件でだけ使えます。',
        '"customer" goes with contacts only.',
      )
    }
    return sql`c.customer_id in (${selected(at, 'customer', condition.customer, `${path}customer.`, sql`c.id`)})`
  }
  checkTexts(condition.event, path)
  for (const [place, each] of (condition.where ?? []).entries()) {
    checkProperty(each, `${path}where.${place}`)
    checkTexts([each.property, String(each.value ?? '')], `${path}where.${place}`)
  }
  return happened(at.joins, condition, trimmed(path))
}

function joined(
  at: Surroundings,
  parts: readonly Condition[],
  path: string,
  word: RawBuilder<unknown>,
  none: RawBuilder<boolean>,
): RawBuilder<boolean> {
  if (parts.length === 0) return none
  return sql`(${sql.join(
    parts.map((part, place) => compile(at, part, `${path}${place}.`)),
    word,
  )})`
}

/** A figure against what it was so many days ago: in the last kept figures until then. */
function changed(at: Surroundings, condition: MetricChange, path: string): RawBuilder<boolean> {
  const field = at.vocabulary.fields[at.record].get(`metrics.${condition.metric}`)
  if (!field) {
    const name = condition.metric.slice(0, 120)
    throw conditionFault(trimmed(path), `「${name}」という指標はありません。`, `there is no metric "${name}".`)
  }
  const { now, before } = at.joins.figuresBefore(field, condition.days)
  return comparedChange(now, before, condition.change, condition.in === 'percent' ? 'percent' : 'points', condition.by)
}

function aboutContacts(
  at: Surroundings,
  condition: Extract<Condition, { contacts: unknown }>,
  path: string,
): RawBuilder<boolean> {
  if (at.record === 'contact') {
    throw conditionFault(
      trimmed(path),
      '「contacts」は顧客の条件でだけ使えます。',
      '"contacts" goes with customers only.',
    )
  }
  const those = (inner: Condition) => selected(at, 'contact', inner, `${path}where.`, sql`c.customer_id`)
  switch (condition.contacts) {
    case 'any':
      return sql`c.id in (${those(condition.where)})`
    case 'none':
      return sql`c.id not in (${those(condition.where)})`
    case 'all':
      // A customer without contacts has none who could meet it.
      return sql`(c.id in (${those({ all: [] })}) and c.id not in (${those({ not: condition.where })}))`
    default: {
      const counted = at.joins.counted(those(condition.where ?? { all: [] }))
      const op = condition.op === 'at_least' ? sql`>=` : condition.op === 'at_most' ? sql`<=` : sql`=`
      return sql`coalesce(${counted}, 0) ${op} ${condition.value}::int`
    }
  }
}

/** A statement about the other kind of record, in which `c` is that one. */
function selected(
  at: Surroundings,
  record: RecordKind,
  condition: Condition,
  path: string,
  column: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const joins = new Joins(at.tenantId, record, at.vocabulary, undefined)
  const where = compile({ ...at, record, joins }, condition, path)
  const hasCustomer = record === 'contact' ? sql`and c.customer_id is not null` : sql``
  return sql`select ${column} from ${sql.table(record)} c ${joins.statement()}
    where c.tenant_id = ${at.tenantId} and c.merged_into is null ${hasCustomer} and ${where}`
}

function checkTexts(value: unknown, path: string): void {
  const texts = Array.isArray(value) ? value : [value]
  if (texts.every(text => typeof text !== 'string' || isStorable(text))) return
  throw conditionFault(trimmed(path), '使えない文字が含まれています。', 'it holds a character that cannot be stored.')
}

function trimmed(path: string): string {
  return path.replace(/[.]$/, '')
}
