import type { FieldDefinition } from '../../platform/context/vocabulary.ts'
import { AppError } from '../../platform/errors/app-error.ts'
import { type Comparison, operators, type PropertyCondition } from './contract.ts'

/** A fault of one part of a condition, with its place in the JSON: `all.2`. */
export function conditionFault(path: string, ja: string, en: string): AppError {
  const words = { ja: `条件${path ? `「${path}」` : ''}: ${ja}`, en: `Condition${path ? ` "${path}"` : ''}: ${en}` }
  return new AppError('invalid_input', words, {
    faults: [{ path: `body.condition.${path}`.replace(/[.]$/, ''), message: words }],
  })
}

/** Checks that a comparison goes with its field. @throws AppError `invalid_input` that says what to do */
export function checkComparison(
  field: FieldDefinition | undefined,
  condition: Comparison,
  path: string,
): FieldDefinition {
  const name = condition.field.slice(0, 120)
  if (!field) throw conditionFault(path, `「${name}」という項目はありません。`, `there is no field "${name}".`)
  const fitting: readonly string[] = operators[field.kind]
  if (!fitting.includes(condition.op)) {
    throw conditionFault(
      path,
      `「${name}」には「${condition.op}」を使えません。使えるのは ${fitting.join('、')} です。`,
      `"${condition.op}" does not go with "${name}"; use one of ${fitting.join(', ')}.`,
    )
  }
  if (condition.op !== 'is_set' && condition.op !== 'is_empty') checkValue(field, condition, path)
  return field
}

function checkValue({ kind }: FieldDefinition, { op, value }: Comparison, path: string): void {
  const wrong = (ja: string, en: string) =>
    conditionFault(path, `値は${ja}で指定してください。`, `the value has to be ${en}.`)
  switch (kind) {
    case 'text':
      if (typeof value !== 'string') throw wrong('文字列', 'a text')
      break
    case 'one_of':
    case 'many_of':
      if (typeof value !== 'string' && !Array.isArray(value)) throw wrong('文字列の配列', 'a list of texts')
      break
    case 'number':
      if (typeof value !== 'number') throw wrong('数値', 'a number')
      break
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('true または false', 'true or false')
      break
    case 'date':
      if (op === 'before' || op === 'after') {
        if (typeof value !== 'string' || !isDay(value)) throw wrong('日付（YYYY-MM-DD）', 'a date (YYYY-MM-DD)')
      } else if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 36_500) {
        throw wrong('0以上の日数', 'a number of days')
      }
  }
}

/** Checks that a value goes with the comparison of a property. @throws AppError `invalid_input` that says what to do */
export function checkProperty({ op, value }: PropertyCondition, path: string): void {
  const wrong = (ja: string, en: string) =>
    conditionFault(path, `値は${ja}で指定してください。`, `the value has to be ${en}.`)
  if (op === 'is_set' || op === 'is_empty') return
  if (value === undefined) throw wrong('文字列・数値・true・false のいずれか', 'a text, a number, true or false')
  if (op === 'contains' && typeof value !== 'string') throw wrong('文字列', 'a text')
  if ((op === 'at_least' || op === 'at_most') && typeof value !== 'number') throw wrong('数値', 'a number')
}

/** Whether a text is a day of the calendar that both PostgreSQL and JavaScript know. */
export function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** A text that PostgreSQL can hold: NUL is no character there. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}
