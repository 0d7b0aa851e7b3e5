import { Link } from '@tanstack/react-router'
import { kpiValue } from '../../features/kpis/value.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import type { OpenKpi } from './opened.ts'
import type { KpiSearch } from './search.ts'

interface PartsProps {
  kpi: OpenKpi
  title: string
  /** What customers without a tier or a CSM are called. */
  none: string
  rows: OpenKpi['byTier']
  /** The address that narrows the page to a group. */
  search: (key: string) => KpiSearch
}

/** The value by tier or by CSM; each group narrows the page to it. */
export function Parts({ kpi, title, none, rows, search }: PartsProps) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={title} flush>
      <table className="k-table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t('kpis.group')}</th>
            <th scope="col" data-align="end">
              {t('kpis.customers')}
            </th>
            <th scope="col" data-align="end">
              {t('kpis.last')}
            </th>
            <th scope="col" data-align="end">
              {t('kpis.current')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.key ?? ''} data-row>
              <td>
                {row.key === null ? (
                  <span className="text-t3">{none}</span>
                ) : (
                  <Link to="/kpis/$key" params={{ key: kpi.key }} search={search(row.key)} resetScroll={false}>
                    {row.name ?? '–'}
                  </Link>
                )}
              </td>
              <td data-align="end">{format.number(row.current.customers)}</td>
              <td data-align="end">{kpiValue(kpi, row.last.value, format, t)}</td>
              <td data-align="end">{kpiValue(kpi, row.current.value, format, t)}</td>
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={4} className="text-t3">
                {t('kpis.noData')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Section>
  )
}
