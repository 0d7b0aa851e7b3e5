import type { FieldDefinition, MetricUnit } from '../../platform/context/vocabulary.ts'
import type { Words } from '../../platform/errors/words.ts'
import type { Explanation } from './explain.ts'

type Field = Pick<FieldDefinition, 'words' | 'kind' | 'unit' | 'choices'>
type Leaf = NonNullable<Explanation['leaf']>

/** So many facts are kept; a condition of two hundred parts says enough by its first ones. */
const mostFacts = 8

/**
 * Why a condition holds for a record, in words: the parts that hold, each with what the record has.
 * @param fieldOf a field by its id
 */
export function factsOf(explanation: Explanation, fieldOf: (id: string) => Field | undefined): Words[] {
  return held(explanation)
    .flatMap(leaf => factOf(leaf, fieldOf) ?? [])
    .slice(0, mostFacts)
}

function held(explanation: Explanation): Explanation[] {
  if (!explanation.held) return []
  if (explanation.kind === 'leaf') return [explanation]
  // What is denied does not hold itself; what stands under "not" is named by its own value.
  if (explanation.kind === 'not') return explanation.parts.flatMap(leaves)
  return explanation.parts.flatMap(held)
}

function leaves(explanation: Explanation): Explanation[] {
  return explanation.kind === 'leaf' ? [explanation] : explanation.parts.flatMap(leaves)
}

function factOf({ leaf, actual }: Explanation, fieldOf: (id: string) => Field | undefined): Words | undefined {
  if (!leaf) return undefined
  if ('field' in leaf) return comparisonFact(leaf, actual, fieldOf(leaf.field))
  if ('metric' in leaf) {
    const { now, before } = actual as { now: number | null; before: number | null }
    const field = fieldOf(`metrics.${leaf.metric}`)
    const [from, to] = [numberWords(before, field?.unit), numberWords(now, field?.unit)]
    return {
      ja: `${field?.words.ja ?? leaf.metric}: ${from} → ${to}（${leaf.days}日間）`,
      en: `${field?.words.en ?? leaf.metric}: ${from} → ${to} (in ${leaf.days} days)`,
    }
  }
  if ('contacts' in leaf) {
    const { matching, contacts } = actual as { matching: number; contacts: number }
    return {
      ja: `条件に合う関係者: ${matching}人（全${contacts}人）`,
      en: `Contacts that meet the condition: ${matching} of ${contacts}`,
    }
  }
  if ('event' in leaf) return eventFact(leaf, actual)
  return undefined
}

const comparisons: Readonly<Record<string, Words>> = {
  at_least: { ja: '#以上', en: 'at least #' },
  at_most: { ja: '#以下', en: 'at most #' },
  more_than: { ja: '#超', en: 'more than #' },
  less_than: { ja: '#未満', en: 'below #' },
  within_next_days: { ja: '今後#日以内', en: 'within the next # days' },
  within_last_days: { ja: '直近#日以内', en: 'within the last # days' },
  more_than_days_ago: { ja: '#日より前', en: 'more than # days ago' },
  before: { ja: '#より前', en: 'before #' },
  after: { ja: '#より後', en: 'after #' },
}

function comparisonFact(leaf: Extract<Leaf, { field: string }>, actual: unknown, field: Field | undefined): Words {
  const name = field?.words ?? { ja: leaf.field, en: leaf.field }
  const value = valueWords(actual, field)
  const limit = comparisons[leaf.op]
  if (!limit) return { ja: `${name.ja}: ${value.ja}`, en: `${name.en}: ${value.en}` }
  const bound =
    typeof leaf.value === 'number' && field?.kind === 'number'
      ? numberWords(leaf.value, field.unit)
      : String(leaf.value)
  return {
    ja: `${name.ja}: ${value.ja}（${limit.ja.replace('#', bound)}）`,
    en: `${name.en}: ${value.en} (${limit.en.replace('#', bound)})`,
  }
}

function eventFact(leaf: Extract<Leaf, { event: string }>, actual: unknown): Words {
  const name = leaf.event === '*' ? { ja: '利用', en: 'Use' } : { ja: `「${leaf.event}」`, en: `“${leaf.event}”` }
  if ('when' in leaf) {
    const day = actual === null ? { ja: 'なし', en: 'never' } : valueWords(actual, undefined)
    return leaf.when === 'first'
      ? { ja: `${name.ja}の初回: ${day.ja}`, en: `${name.en}, first: ${day.en}` }
      : { ja: `${name.ja}の最終: ${day.ja}`, en: `${name.en}, last: ${day.en}` }
  }
  if ('change' in leaf) {
    const { now, before } = actual as { now: number; before: number }
    return {
      ja: `${name.ja}: ${before}回 → ${now}回（${leaf.days}日間とその前の${leaf.days}日間）`,
      en: `${name.en}: ${before} → ${now} times (${leaf.days} days against the ${leaf.days} before)`,
    }
  }
  const span =
    leaf.days === undefined ? { ja: '全期間', en: 'ever' } : { ja: `直近${leaf.days}日`, en: `last ${leaf.days} days` }
  return { ja: `${name.ja}: ${actual}回（${span.ja}）`, en: `${name.en}: ${actual} times (${span.en})` }
}

function valueWords(actual: unknown, field: Field | undefined): Words {
  if (actual === null || actual === undefined || actual === '') return { ja: '値なし', en: 'none' }
  if (Array.isArray(actual)) {
    const each = actual.map(one => valueWords(one, field))
    return { ja: each.map(({ ja }) => ja).join('、'), en: each.map(({ en }) => en).join(', ') }
  }
  if (typeof actual === 'boolean') return actual ? { ja: 'はい', en: 'yes' } : { ja: 'いいえ', en: 'no' }
  if (typeof actual === 'number') return both(numberWords(actual, field?.unit))
  if (typeof actual === 'string' && wholeDay.test(actual)) return dayWords(actual)
  return field?.choices?.find(choice => choice.value === actual)?.words ?? both(String(actual))
}

const wholeDay = /^\d{4}-\d\d-\d\d$/
const englishDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** 2026-12-08 as it is written: 2026/12/8, 8 Dec 2026. */
function dayWords(day: string): Words {
  const [year, month, date] = day.split('-').map(Number)
  return { ja: `${year}/${month}/${date}`, en: englishDay.format(new Date(day)) }
}

function both(text: string): Words {
  return { ja: text, en: text }
}

/** A number with its unit, at most one decimal. */
export function numberWords(value: number | null, unit?: MetricUnit): string {
  if (value === null) return '–'
  const text = (Math.round(value * 10) / 10).toLocaleString('en-US')
  return unit === 'percent' ? `${text}%` : text
}
