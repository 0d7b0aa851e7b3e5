import type { JsonValue } from '../../platform/context/context.ts'
import type { Target } from './catalog/fields.ts'
import { kinds, targetOf } from './catalog/kinds.ts'
import { type ReadCell, type Reading, readCell } from './cell.ts'
import { folded } from './choice-text.ts'
import type { Assignment, ImportKind, Mapping } from './contract/shapes.ts'
import { type Column, type Problem, problemOf, type RawRow } from './row.ts'

/** An attribute as reading its values needs it. */
export interface AttributeShape {
  key: string
  type: 'text' | 'number' | 'boolean' | 'date' | 'one_of' | 'many_of'
  options: readonly string[]
}

/** What a row says, by field. */
export interface Interpreted {
  row: number
  values: Record<string, JsonValue>
  attributes: Record<string, JsonValue>
  problems: Problem[]
  /** The row can be imported, without the cells that have problems where the mapping allows that. */
  usable: boolean
}

interface Step {
  place: number
  column: string
  /** Undefined for an attribute. */
  target: Target
  attribute?: AttributeShape
  words?: Map<string, string>
  months: boolean
}

/** A mapping made ready for many rows of a file. */
export interface Plan {
  kind: ImportKind
  steps: Step[]
  constants: Record<string, JsonValue>
  /** Fields that only new records get. */
  onlyNew: Set<string>
  required: Target[]
  width: number
  refuseRow: boolean
  reading: Reading
  /** Columns that are no field: properties of a usage event. */
  rest: Column[]
}

/**
 * Makes a plan of a mapping and the columns that the file has. Assignments of columns that it lacks are left out.
 * @param reading how numbers and dates are meant; `today` in the company's time zone
 */
export function planOf(
  kind: ImportKind,
  mapping: Mapping,
  columns: readonly Column[],
  attributes: readonly AttributeShape[],
  reading: Reading,
): Plan {
  const places = new Map(columns.map(column => [folded(column.name), column]))
  const steps = mapping.assignments.flatMap((assignment): Step[] => {
    const column = places.get(folded(assignment.column))
    const target = targetFor(kind, assignment, attributes)
    return column && target
      ? [
          {
            place: column.place,
            column: column.name,
            months: assignment.reading === 'months_ago',
            ...target,
            ...wordsOf(assignment),
          },
        ]
      : []
  })
  const constants: Record<string, JsonValue> = {}
  for (const [name, text] of Object.entries(mapping.constants)) {
    const target = targetOf(kind, name)
    const read = target && readCell(target, text, reading)
    if (read && 'value' in read && read.value !== undefined) constants[name] = read.value
  }
  const used = new Set(steps.map(step => step.place))
  return {
    kind,
    steps,
    constants,
    onlyNew: new Set(steps.filter(step => step.months).map(step => step.target.name)),
    required: kinds[kind].targets.filter(target => target.required),
    width: columns.length,
    refuseRow: mapping.problems === 'refuse_row',
    reading,
    rest: columns.filter(column => !used.has(column.place)),
  }
}

/** What a row says. Nothing is looked up: whether a customer exists shows later. */
export function interpret(plan: Plan, raw: RawRow): Interpreted {
  const values: Record<string, JsonValue> = { ...plan.constants }
  const attributes: Record<string, JsonValue> = {}
  const problems: Problem[] = raw.problem ? [raw.problem] : []
  const excess = raw.cells.findIndex((cell, place) => place >= plan.width && cell.trim() !== '')
  if (excess >= 0) problems.push(problemOf(null, 'too_many_cells', raw.cells[excess], `${plan.width}`))
  for (const step of plan.steps) {
    const text = raw.cells[step.place] ?? ''
    const read = readStep(plan, step, text)
    if ('problem' in read) problems.push(problemOf(step.column, read.problem, text, read.accepted))
    else if (read.value === undefined) continue
    else if (step.attribute) attributes[step.attribute.key] = read.value
    else values[step.target.name] = read.value
  }
  if (typeof values.arr === 'number' && values.mrr === undefined) values.mrr = Math.round((values.arr / 12) * 100) / 100
  delete values.arr
  if (plan.kind === 'contacts' && values.name === undefined) {
    const parts = [values.familyName, values.givenName].filter(part => typeof part === 'string')
    if (parts.length > 0) values.name = parts.join(' ')
  }
  delete values.familyName
  delete values.givenName
  const hasRowProblem = problems.some(problem => problem.column === null)
  return {
    row: raw.row,
    values,
    attributes,
    problems,
    usable: !hasRowProblem && (problems.length === 0 || !plan.refuseRow),
  }
}

/** A cell as the field that its column goes to. */
export function readStep(plan: Plan, step: Step, text: string): ReadCell {
  return readCell(step.target, step.words?.get(folded(text)) ?? text, plan.reading, step)
}

/** Fields without which a row makes no record. */
export function missingOf(plan: Plan, interpreted: Interpreted): Problem[] {
  return plan.required
    .filter(target => interpreted.values[target.name] === undefined)
    .map(target =>
      problemOf(
        plan.steps.find(step => step.target === target)?.column ?? null,
        'required',
        undefined,
        `${target.label.ja} / ${target.label.en}`,
      ),
    )
}

function targetFor(
  kind: ImportKind,
  { target, attribute }: Assignment,
  attributes: readonly AttributeShape[],
): { target: Target; attribute?: AttributeShape } | undefined {
  const key = /^attribute:([a-z][a-z0-9_]{0,62})$/.exec(target)?.[1]
  if (key === undefined) {
    const field = targetOf(kind, target)
    return field && { target: field }
  }
  const shape = attributes.find(known => known.key === key) ?? (attribute && { key, ...attribute })
  if (!shape) return undefined
  return {
    target: { name: target, type: 'text', label: { ja: target, en: target }, headers: [], longest: 10_000 },
    attribute: shape,
  }
}

function wordsOf({ words }: Assignment): { words?: Map<string, string> } {
  if (!words || Object.keys(words).length === 0) return {}
  return { words: new Map(Object.entries(words).map(([value, meaning]) => [folded(value), meaning])) }
}
