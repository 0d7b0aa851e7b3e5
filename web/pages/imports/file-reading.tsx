import type { Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Field, Select } from '../../kit/field.tsx'
import type { ReadingWish } from './draft.ts'

const encodings = ['utf-8', 'shift_jis', 'euc-jp', 'utf-16le', 'utf-16be', 'windows-1252'] as const
const delimiters = [',', '\t', ';', '|'] as const
const currencies = ['JPY', 'USD'] as const
/** Rows that the header may stand in; 0 is no header. */
const headerRows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

interface FileReadingProps {
  inspection: Inspection
  mapping: Mapping
  pending: boolean
  onRead: (wish: ReadingWish) => void
  onChange: (part: Partial<Mapping>) => void
}

/** How the file is read, as found out, to be corrected where that is wrong. */
export function FileReading({ inspection, mapping, pending, onRead, onChange }: FileReadingProps) {
  const t = useText()
  const { format, encoding, delimiter, sheets, sheet, headerRow } = inspection
  const now: ReadingWish = {
    ...(mapping.encoding && { encoding: mapping.encoding }),
    ...(mapping.delimiter && { delimiter: mapping.delimiter }),
    ...(mapping.sheet !== undefined && { sheet: mapping.sheet }),
    ...(mapping.headerRow !== undefined && { headerRow: mapping.headerRow }),
  }
  return (
    <div className="im-reading" aria-busy={pending || undefined}>
      <div className="k-field">
        <span className="k-label">{t('imports.format')}</span>
        <span className="im-fixed">{t(`imports.format.${format}`)}</span>
      </div>
      {encoding !== null && (
        <Field label={t('imports.encoding')}>
          <Select
            value={encoding}
            options={encodings.map(value => ({ value, label: t(`imports.encoding.${value}`) }))}
            onChange={event => {
              const next = encodings.find(each => each === event.currentTarget.value)
              if (next) onRead({ ...now, encoding: next })
            }}
          />
        </Field>
      )}
      {delimiter !== null && (
        <Field label={t('imports.delimiter')}>
          <Select
            value={delimiter}
            options={delimiters.map((value, index) => ({
              value,
              label: t(`imports.delimiter.${(['comma', 'tab', 'semicolon', 'bar'] as const)[index] ?? 'comma'}`),
            }))}
            onChange={event => {
              const next = delimiters.find(each => each === event.currentTarget.value)
              if (next) onRead({ ...now, delimiter: next })
            }}
          />
        </Field>
      )}
      {sheets.length > 0 && (
        <Field label={t('imports.sheet')}>
          <Select
            value={sheet ?? ''}
            options={sheets.map(value => ({ value, label: value }))}
            onChange={event => onRead({ sheet: event.currentTarget.value })}
          />
        </Field>
      )}
      {format !== 'jsonl' && (
        <Field label={t('imports.headerRow')}>
          <Select
            value={headerRow}
            options={headerRows.map(row => ({
              value: String(row),
              label: row === 0 ? t('imports.noHeader') : t('imports.headerAt', { row }),
            }))}
            onChange={event => onRead({ ...now, headerRow: Number(event.currentTarget.value) })}
          />
        </Field>
      )}
      <Field label={t('imports.dateOrder')}>
        <Select
          value={mapping.dateOrder}
          options={[
            { value: 'mdy', label: t('imports.dateOrder.mdy') },
            { value: 'dmy', label: t('imports.dateOrder.dmy') },
          ]}
          onChange={event => onChange({ dateOrder: event.currentTarget.value === 'dmy' ? 'dmy' : 'mdy' })}
        />
      </Field>
      <Field label={t('imports.decimal')}>
        <Select
          value={mapping.decimal}
          options={[
            { value: '.', label: t('imports.decimal.point') },
            { value: ',', label: t('imports.decimal.comma') },
          ]}
          onChange={event => onChange({ decimal: event.currentTarget.value === ',' ? ',' : '.' })}
        />
      </Field>
      {inspection.targets.some(({ name }) => name === 'currency') &&
        !mapping.assignments.some(({ target }) => target === 'currency') && (
          <Field label={t('imports.currency')}>
            <Select
              placeholder={t('imports.currency.company')}
              value={mapping.constants.currency ?? ''}
              options={currencies.map(value => ({ value, label: t(`company.currency.${value}`) }))}
              onChange={event => {
                const { currency: _, ...rest } = mapping.constants
                const { value } = event.currentTarget
                onChange({ constants: value === '' ? rest : { ...rest, currency: value } })
              }}
            />
          </Field>
        )}
    </div>
  )
}
