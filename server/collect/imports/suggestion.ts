import type { Target } from './catalog/fields.ts'
import { kinds } from './catalog/kinds.ts'
import { choiceOf, folded, truthOf } from './choice-text.ts'
import { attributeTypeOf, type Content } from './column-content.ts'
import type { Assignment, ImportKind, Mapping } from './contract/shapes.ts'
import { type Header, headerOf, headerScore } from './header-match.ts'
import { shortened } from './row.ts'

export interface SuggestionWish {
  kind: ImportKind
  columns: { name: string; content: Content }[]
  /** Attributes that the company has for this kind of record. */
  attributes: { key: string; label: string }[]
  /** Currency of the company. */
  currency: string
  /** E-mail addresses and names of its members, in lower case. */
  members: ReadonlySet<string>
}

/** A suggestion counts from this score on. */
const enough = 0.5
/** A column goes to a field where this share of its cells can be read as it. */
const fits = 0.7
const most = 400

const churnHeaders = [
  'churn',
  'churned',
  'churn flag',
  'churn value',
  'churn label',
  'is churned',
  'exited',
  'attrition',
  'attrition flag',
  'cancelled',
  '解約',
  '解約フラグ',
  '解約有無',
  '退会',
  '退会フラグ',
  '離脱',
].map(headerOf)
const monthHeaders = [
  'tenure',
  'tenure months',
  'tenure in months',
  'months',
  'account age',
  '契約月数',
  '継続月数',
  '利用月数',
  '経過月数',
  '契約期間',
  '継続期間',
  '利用期間',
].map(headerOf)
const known = new Map<Target, Header[]>()

/**
 * Where the columns of a file most likely go: by header, in Japanese and English, with a typing error or two, as long as
 * what stands in the column fits; by what stands there where the header says nothing; the rest of customers and contacts
 * become attributes of a fitting type.
 */
export function suggestMapping(
  wish: SuggestionWish,
): Pick<Mapping, 'assignments' | 'constants' | 'dateOrder' | 'decimal'> {
  const columns = wish.columns.map(column => ({ ...column, header: headerOf(column.name) }))
  const taken = new Map<string, Assignment>()
  const used = new Set<string>()
  const assign = (column: string, target: string, more: Partial<Assignment> = {}) => {
    const assignment: Assignment = { column, target, reading: 'value', ...more }
    taken.set(target, assignment)
    used.add(column)
  }
  if (wish.kind === 'customers') {
    for (const { name, header, content } of columns) {
      if (taken.has('status') || !matches(header, churnHeaders) || !isTruth(content)) continue
      const values = [...(content.values?.keys() ?? [])]
      assign(name, 'status', {
        words: Object.fromEntries(values.map(value => [value, truthOf(value) ? 'CHURNED' : 'ACTIVE'])),
      })
    }
  }
  const candidates = columns.flatMap(column =>
    kinds[wish.kind].targets.map((target, order) => ({
      column,
      target,
      order,
      score: scoreOf(column, target, wish.members),
    })),
  )
  candidates.sort((one, other) => other.score - one.score || one.order - other.order)
  for (const { column, target, score } of candidates) {
    if (score < enough || taken.has(target.name) || used.has(column.name)) continue
    assign(column.name, target.name)
  }
  const months = columns.find(({ header, content }) => matches(header, monthHeaders) && isNumber(content))
  if (wish.kind === 'customers' && months && !taken.has('contractStart')) {
    assign(months.name, 'contractStart', { reading: 'months_ago' })
    used.delete(months.name)
  }
  const assignments = [
    ...taken.values(),
    ...attributesFor(
      wish,
      columns.filter(({ name }) => !used.has(name)),
    ),
  ]
  return {
    assignments: assignments.slice(0, most),
    constants: constantsFor(wish, columns, taken),
    dateOrder: columns.reduce((sum, { content }) => sum + content.dayFirst - content.monthFirst, 0) > 0 ? 'dmy' : 'mdy',
    decimal: columns.some(({ content }) => content.decimalCommas > content.filled / 2) ? ',' : '.',
  }
}

function scoreOf(
  { header, content }: { header: Header; content: Content },
  target: Target,
  members: ReadonlySet<string>,
): number {
  const headers = headersOf(target)
  const fit = target.name === 'owner' ? membership(content, members) : fitness(content, target)
  const byHeader = Math.max(...headers.map(word => headerScore(header, word)))
  if (byHeader > 0) return byHeader * fit
  // Without a word in common, only what can be nothing else.
  if (target.type === 'email' && content.filled > 0 && content.emails >= content.filled * 0.9) return 0.6
  if (target.name === 'website' && content.filled > 0 && content.domains >= content.filled * 0.9) return 0.55
  return 0
}

function headersOf(target: Target): Header[] {
  const headers = known.get(target) ?? target.headers.map(headerOf)
  known.set(target, headers)
  return headers
}

/** Whether what stands in a column can be what the field takes: 1, or nearly 0. */
function fitness(content: Content, target: Target): number {
  if (content.filled === 0) return 0.9
  if (target.type === 'choice') {
    const values = [...(content.values?.keys() ?? [])]
    if (values.length === 0) return 0.1
    const understood = values.filter(value => choiceOf(value, target.choices ?? {}) !== undefined).length
    return understood >= values.length / 2 ? 1 : 0.3
  }
  const count = fitting(content, target)
  // A name is no number and no date, but an id may be.
  if (count === undefined) return /name$/i.test(target.name) && content.days === content.filled ? 0.1 : 1
  return count >= content.filled * fits ? 1 : 0.1
}

/** Cells that the field can take; undefined where it takes any text, or a list of choices. */
function fitting(content: Content, target: Target): number | undefined {
  switch (target.type) {
    case 'number':
    case 'money':
    case 'score':
      return Math.max(content.numbers, content.decimalCommas)
    case 'integer':
      return content.wholes
    case 'boolean':
      return content.truths
    case 'date':
    case 'moment':
      return content.days
    case 'email':
      return content.emails
    case 'domain':
      return content.domains + content.emails
    case 'currency':
      return content.currencies
    default:
      return undefined
  }
}

/** A field that a column is called by, though too few of its cells are what the field takes. */
export interface Nearly {
  target: string
  /** Cells of the sample that the field cannot take. */
  unfit: number
}

/**
 * Columns that would go to a field by their header, were it not for what stands in them; by the name of the column.
 * @param taken fields that other columns go to
 */
export function nearlyMapped({ kind, columns }: SuggestionWish, taken: ReadonlySet<string>): Map<string, Nearly> {
  const found = new Map<string, Nearly>()
  for (const { name, content } of columns) {
    const header = headerOf(name)
    for (const target of kinds[kind].targets) {
      const count = fitting(content, target)
      if (count === undefined || count === 0 || count >= content.filled * fits || taken.has(target.name)) continue
      if (found.has(name) || !matches(header, headersOf(target))) continue
      found.set(name, { target: target.name, unfit: content.filled - count })
    }
  }
  return found
}

/** Who looks after a customer is a member; the same word heads lists of people at the customer, too. */
function membership({ samples, values }: Content, members: ReadonlySet<string>): number {
  const words = [...(values?.keys() ?? samples)]
  const known = words.filter(word => members.has(word.toLowerCase())).length
  return words.length > 0 && known >= words.length / 2 ? 1 : 0
}

function attributesFor(wish: SuggestionWish, columns: { name: string; content: Content }[]): Assignment[] {
  if (!kinds[wish.kind].attributesOf) return []
  const keys = new Set(wish.attributes.map(attribute => attribute.key))
  const assignments: Assignment[] = []
  for (const { name, content } of columns) {
    if (content.filled === 0) continue
    const existing = wish.attributes.find(({ key, label }) => key === keyOf(name) || folded(label) === folded(name))
    if (existing) {
      assignments.push({ column: name, target: `attribute:${existing.key}`, reading: 'value' })
      continue
    }
    let key = keyOf(name)
    for (let number = 2; keys.has(key); number++) key = `${keyOf(name).slice(0, 58)}_${number}`
    keys.add(key)
    assignments.push({
      column: name,
      target: `attribute:${key}`,
      reading: 'value',
      attribute: { label: shortened(name, 79), ...attributeTypeOf(content) },
    })
  }
  return assignments
}

/** What no column says: a score is of the survey that its header names; cents in a company that counts in yen are dollars. */
function constantsFor(
  wish: SuggestionWish,
  columns: { name: string; content: Content }[],
  taken: Map<string, Assignment>,
): Record<string, string> {
  if (wish.kind === 'survey_answers' && !taken.has('kind')) {
    const measure = /nps|csat|ces/i.exec(taken.get('score')?.column ?? '')?.[0]
    return measure ? { kind: measure.toUpperCase() } : {}
  }
  if (wish.currency !== 'JPY' || taken.has('currency')) return {}
  const amounts = ['mrr', 'arr', 'amount', 'lifetimeValue'].flatMap(target => {
    const column = taken.get(target)?.column
    return columns.filter(({ name }) => name === column)
  })
  const takes = kinds[wish.kind].targets.some(target => target.name === 'currency')
  return takes && amounts.some(({ content }) => content.fractions > content.filled * 0.2) ? { currency: 'USD' } : {}
}

/** A key made of a header: `MonthlyCharges` is monthly_charges; what has no Latin letters gets a number of its own. */
function keyOf(header: string): string {
  const latin = header
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60)
  if (latin.length >= 2) return latin
  let hash = 0x811c9dc5
  for (const character of header.normalize('NFKC')) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0
  return `field_${hash.toString(16).padStart(8, '0')}`
}

function matches(header: Header, words: Header[]): boolean {
  return words.some(word => headerScore(header, word) >= 0.97)
}

function isTruth(content: Content): boolean {
  return content.filled > 0 && content.truths === content.filled && (content.values?.size ?? 99) <= 4
}

function isNumber(content: Content): boolean {
  return content.filled > 0 && content.numbers === content.filled
}
