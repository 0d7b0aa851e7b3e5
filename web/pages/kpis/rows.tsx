import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { exportKpiRows, listKpiRows } from '../../../server/insights/kpis/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { addressOf } from '../../api/client.ts'
import { useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { headline, kpiValue } from '../../features/kpis/value.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import type { OpenKpi } from './opened.ts'
import type { KpiSearch } from './search.ts'
import { whoseOf } from './whose.tsx'

type Row = RouteReply<typeof listKpiRows>['items'][number]

interface RowsProps {
  kpi: OpenKpi
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

/** The customers behind a value: what each adds to the upper and the lower part of the fraction. */
export function KpiRows({ kpi, search, onChange }: RowsProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const tiers = useTiers()
  const mayExport = useMay('customers.export')
  const month = search.month ?? headline(kpi).month
  const order: 'asc' | 'desc' = search.order ?? 'desc'
  const query = { ...whoseOf(search), month, order }
  const rows = useRoutePages(listKpiRows, { params: { key: kpi.key }, query: { ...query, limit: 50 } })
  const figure = kpi.series.find(each => each.month === month) ?? headline(kpi)
  const columns = useMemo<Column<Row>[]>(() => {
    const number = (value: number) =>
      kpi.unit === 'money' || kpi.theme === 'revenue'
        ? format.number(value, value % 1 === 0 ? 0 : 1)
        : format.number(value, value % 1 === 0 ? 0 : 2)
    return [
      {
        id: 'name',
        header: t('kpis.customer'),
        clip: true,
        cell: row => (
          <Link to="/customers/$id" params={{ id: row.id }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'tier',
        header: t('kpis.tier'),
        width: 136,
        narrow: 'hide',
        cell: row =>
          tiers.find(({ key }) => key === row.tierKey)?.name ?? row.tierKey ?? <span className="text-t3">–</span>,
      },
      {
        id: 'owner',
        header: t('kpis.owner'),
        width: 184,
        narrow: 'hide',
        cell: row => row.ownerName ?? <span className="text-t3">–</span>,
      },
      {
        id: 'numerator',
        header: kpi.numerator[locale],
        align: 'end',
        width: 152,
        sort: 'server',
        cell: row => number(row.numerator),
      },
      ...(kpi.denominator
        ? [
            {
              id: 'denominator',
              header: kpi.denominator[locale],
              align: 'end' as const,
              width: 152,
              cell: (row: Row) => number(row.denominator ?? 0),
            },
          ]
        : []),
    ]
  }, [t, format, locale, tiers, kpi])
  return (
    <Section
      title={t('kpis.rows')}
      note={t('kpis.rowsSum', {
        customers: figure.customers,
        value: kpiValue(kpi, figure.value, format, t),
      })}
      flush
    >
      <DataTable
        key={`${month} ${order}`}
        id="kpi-rows"
        fixed
        label={t('kpis.rows')}
        columns={columns}
        rows={rows.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        total={figure.customers}
        more={rows.more}
        sort={{ column: 'numerator', descending: order === 'desc' }}
        onSort={next => onChange({ ...search, order: next.descending ? undefined : 'asc' })}
        problem={rows.problem ? { text: wordsOf(rows.problem, t), retry: rows.retry } : undefined}
        tools={
          <>
            <MonthSelect kpi={kpi} value={month} onChange={next => onChange({ ...search, month: next })} />
            {mayExport && (
              <Button
                size="small"
                icon="download"
                onClick={() => location.assign(addressOf(exportKpiRows, { params: { key: kpi.key }, query }))}
              >
                {t('kpis.export')}
              </Button>
            )}
          </>
        }
        empty={<EmptyState title={t('kpis.noRows')} text={t('kpis.noRowsText')} />}
      />
    </Section>
  )
}

interface MonthProps {
  kpi: OpenKpi
  value: string
  onChange: (month: string) => void
}

/** Which period’s rows are shown, with its value. */
function MonthSelect({ kpi, value, onChange }: MonthProps) {
  const t = useText()
  const format = useFormat()
  return (
    <span>
      <Select
        aria-label={t('kpis.month')}
        value={value}
        options={kpi.series.toReversed().map(figure => ({
          value: figure.month,
          label: `${format.month(`${figure.month}-01`)}: ${kpiValue(kpi, figure.value, format, t)}`,
        }))}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </span>
  )
}
