import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Kpi, kpiThemes, listKpis } from '../../../server/insights/kpis/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { AboutKpi } from '../../features/kpis/about.tsx'
import { Sparkline } from '../../features/kpis/sparkline.tsx'
import { TargetState, useTargetWords } from '../../features/kpis/target-state.tsx'
import { comparison, headline, kpiValue, periodWords } from '../../features/kpis/value.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Page, PageHead, Section } from '../../kit/layout.tsx'
import { type KpiSearch, kpiSearchOf } from './search.ts'
import { useWhoseWords, WhoseFilter, whoseOf } from './whose.tsx'
import '../../features/kpis/kpis.css'

/** Every KPI by theme, with its target and the last 12 months; each opens. */
export function KpisPage() {
  const t = useText()
  const search = kpiSearchOf({ ...useSearch({ from: '/workspace/kpis' }) })
  const navigate = useNavigate({ from: '/kpis' })
  const about = useWhoseWords(search)
  return (
    <Screen title={t('kpis.title')}>
      <Page>
        <PageHead text={about}>
          <WhoseFilter
            search={search}
            onChange={next => void navigate({ search: kpiSearchOf({ ...next }), resetScroll: false })}
          />
        </PageHead>
        {kpiThemes.map(theme => (
          <Theme key={theme} theme={theme} search={search} />
        ))}
      </Page>
    </Screen>
  )
}

function Theme({ theme, search }: { theme: (typeof kpiThemes)[number]; search: KpiSearch }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const targetWords = useTargetWords()
  const whose = whoseOf(search)
  const { data, error, refetch } = useRoute(listKpis, { query: { ...whose, theme } })
  const columns = useMemo<Column<Kpi>[]>(
    () => [
      {
        id: 'kpi',
        header: t('kpis.kpi'),
        clip: true,
        cell: row => (
          <span className="p-name">
            <Link
              to="/kpis/$key"
              params={{ key: row.key }}
              search={whoseOf(search)}
              className="truncate"
              title={row.words[locale]}
            >
              {row.words[locale]}
            </Link>
            <AboutKpi kpi={row.key} name={row.words[locale]} />
          </span>
        ),
      },
      {
        id: 'value',
        header: t('kpis.value'),
        align: 'end',
        width: 112,
        cell: row => (
          <Link
            to="/kpis/$key"
            params={{ key: row.key }}
            search={whoseOf(search)}
            className="k-link k-number"
            aria-label={t('kpis.openValue', {
              name: row.words[locale],
              value: kpiValue(row, headline(row).value, format, t),
            })}
          >
            <b>{kpiValue(row, headline(row).value, format, t)}</b>
          </Link>
        ),
      },
      {
        id: 'period',
        header: t('kpis.period'),
        width: 184,
        narrow: 'hide',
        cell: row => <span className="text-t3">{periodWords(row, format, t)}</span>,
      },
      {
        id: 'before',
        header: t('kpis.before'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => <span className="text-t2">{kpiValue(row, comparison(row).value, format, t)}</span>,
      },
      {
        id: 'target',
        header: t('kpis.target'),
        width: 216,
        narrow: 'hide',
        cell: row => (
          <span className="p-target">
            {targetWords(row) ?? <span className="text-t3">–</span>}
            <TargetState kpi={row} />
          </span>
        ),
      },
      {
        id: 'series',
        header: t('kpis.twelve'),
        width: 128,
        narrow: 'hide',
        cell: row => (
          <Sparkline
            values={row.series.map(({ value }) => value)}
            label={t('kpis.spark', {
              name: row.words[locale],
              from: kpiValue(row, row.series.find(({ value }) => value !== null)?.value ?? null, format, t),
              to: kpiValue(row, row.series.at(-1)?.value ?? null, format, t),
            })}
          />
        ),
      },
      {
        id: 'responsible',
        header: t('kpis.responsible'),
        width: 136,
        narrow: 'hide',
        cell: row => row.target?.responsibleName ?? <span className="text-t3">–</span>,
      },
    ],
    [t, format, locale, search, targetWords],
  )
  return (
    <div className="p-theme">
      <Section title={t(`kpis.theme.${theme}`)} flush>
        <DataTable
          id={`kpis-${theme}`}
          fixed
          label={t(`kpis.theme.${theme}`)}
          columns={columns}
          rows={data?.items}
          rowId={row => row.key}
          rowName={row => row.words[locale]}
          problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
          empty={null}
        />
      </Section>
    </div>
  )
}
