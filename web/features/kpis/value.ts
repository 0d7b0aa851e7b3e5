import type { Kpi } from '../../../server/insights/kpis/contract.ts'
import type { Format } from '../../i18n/format.ts'
import type { Text } from '../../i18n/text.ts'

/** A value of a KPI with its unit; a dash where there is none. */
export function kpiValue(
  { unit, currency }: Pick<Kpi, 'unit' | 'currency'>,
  value: number | null,
  format: Format,
  t: Text,
): string {
  if (value === null) return '–'
  // A true minus, as changes have it.
  return shown(unit, currency, value, format, t).replace('-', '−')
}

function shown(unit: Kpi['unit'], currency: string, value: number, format: Format, t: Text): string {
  switch (unit) {
    case 'percent':
      return format.percent(value / 100, 1)
    case 'money':
      return format.shortMoney(value, currency)
    case 'days':
      return t('kpis.days', { value: format.number(value, 1) })
    case 'hours':
      return t('kpis.hours', { value: format.number(value, 1) })
    case 'count':
      return format.number(value, 0)
    case 'ratio':
      return format.number(value, 2)
    default:
      return format.number(value, 1)
  }
}

/** The value that counts for the target. */
export function headline(kpi: Pick<Kpi, 'headline' | 'current' | 'last'>): Kpi['current'] {
  return kpi[kpi.headline]
}

/** The period that the headline is compared with: the last full one, or the one before it. */
export function comparison(kpi: Pick<Kpi, 'headline' | 'last' | 'previous'>): Kpi['current'] {
  return kpi.headline === 'current' ? kpi.last : kpi.previous
}

/** The days that a value looks at, in words. */
export function periodWords(
  kpi: Pick<Kpi, 'window' | 'headline' | 'current' | 'last'>,
  format: Format,
  t: Text,
): string {
  const { month, to } = headline(kpi)
  return t(`kpis.window.${kpi.window}`, { to: format.shortDay(to), month: format.month(`${month}-01`) })
}
