import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import type { Format } from '../../i18n/format.ts'
import type { Text } from '../../i18n/text.ts'
import type { FilterField } from './fields.ts'

/** Values named one by one before the rest becomes a number. */
const namedAtMost = 2

/** What a condition asks of its field, in words: "90日以内", "at least 300,000". */
export function phraseOf({ op, value }: Comparison, field: FilterField | undefined, t: Text, format: Format): string {
  if (op === 'is_set' || op === 'is_empty') return t(`record.op.${op}`)
  const nameOf = (each: string) => field?.choices?.find(choice => choice.value === each)?.label ?? each
  if (Array.isArray(value)) {
    if (value.length === 0) return t('record.op.unset')
    const names = value.slice(0, namedAtMost).map(nameOf).join(t('record.or'))
    const rest = value.length - namedAtMost
    const text = rest > 0 ? t('record.andMore', { names, rest }) : names
    return op === 'not_in' ? t('record.phrase.not_in', { value: text }) : text
  }
  if (value === undefined || value === '') return t('record.op.unset')
  if (typeof value === 'boolean') return t(value ? 'record.yes' : 'record.no')
  const shown =
    typeof value === 'number' ? format.number(value) : field?.kind === 'date' ? format.day(value) : nameOf(value)
  return t(`record.phrase.${op}`, { value: shown, days: typeof value === 'number' ? value : 0 })
}
