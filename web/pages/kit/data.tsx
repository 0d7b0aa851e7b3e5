import { useCallback, useMemo, useState } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Avatar, Badge } from '../../kit/badge.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { presetRange } from '../../kit/calendar.ts'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { DateRange } from '../../kit/date-range.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Health } from '../../kit/health.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows, SkeletonText } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { customers, retention, type SampleCustomer } from './samples.ts'

const { months, now, before } = retention

export function TabPart() {
  const t = useText()
  const [tab, setTab] = useState<'all' | 'risk' | 'onboarding'>('all')
  const tabs = (['all', 'risk', 'onboarding'] as const).map(value => {
    const label = t(`gallery.tabs.${value}`)
    return {
      value,
      label,
      count: value === 'onboarding' ? undefined : '38',
      content: t('gallery.tabs.content', { name: label }),
    }
  })
  return (
    <Section title={t('gallery.tabs')} flush>
      <Tabs label={t('gallery.tabs')} tabs={tabs} value={tab} onChange={setTab} />
    </Section>
  )
}

export function DatePart() {
  const t = useText()
  const format = useFormat()
  const [range, setRange] = useState(() => presetRange('days30', format.today()))
  return (
    <Section title={t('gallery.dates')}>
      <DateRange label={t('gallery.period')} value={range} onChange={setRange} />
    </Section>
  )
}

export function ChartPart() {
  const t = useText()
  const format = useFormat()
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 8, right: 72, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value, 1) },
      xAxis: {
        type: 'category',
        data: months.map(month => format.month(month)),
        boundaryGap: false,
        axisLabel: { interval: 3 },
      },
      yAxis: {
        type: 'value',
        min: 1,
        max: 1.15,
        interval: 0.05,
        axisLabel: { formatter: (value: number) => format.percent(value) },
      },
      series: [
        {
          type: 'line',
          name: t('gallery.chart.nrr'),
          data: now,
          endLabel: {
            show: true,
            formatter: () => format.percent(now.at(-1) ?? 0, 1),
            color: colours.accentText,
            fontWeight: 600,
            fontSize: 11,
          },
        },
        {
          type: 'line',
          name: t('gallery.chart.before'),
          data: before,
          color: colours.mute,
          lineStyle: { width: 1.25 },
          endLabel: { show: true, formatter: '{a}', color: colours.label, fontSize: 11 },
        },
      ],
    }),
    [t, format],
  )
  const head = [t('gallery.chart.month'), t('gallery.chart.nrr'), t('gallery.chart.before')]
  const rows = months.map((month, at) => [
    format.month(month),
    format.percent(now[at] ?? 0, 1),
    format.percent(before[at] ?? 0, 1),
  ])
  const sub = t('gallery.chart.sub', { day: format.shortDay('2026-11-20') })
  const title = t('gallery.chart.title', { from: format.percent(now[0] ?? 0), to: format.percent(now.at(-1) ?? 0) })
  return (
    <Section title={t('gallery.chart')}>
      <div className="grid gap-4">
        <ChartFrame
          title={title}
          sub={sub}
          option={option}
          table={{ head, rows }}
          definition={t('gallery.chart.definition')}
        />
        <ChartFrame title={t('gallery.chart.none')} sub={sub} option={option} table={{ head, rows: [] }} height={80} />
      </div>
    </Section>
  )
}

export function EmptyPart() {
  const t = useText()
  return (
    <Section title={t('gallery.empty')}>
      <SampleEmpty />
    </Section>
  )
}

function SampleEmpty() {
  const t = useText()
  return (
    <EmptyState
      title={t('gallery.empty.title')}
      text={t('gallery.empty.text')}
      actions={
        <>
          <Button kind="primary" icon="download">
            {t('gallery.import')}
          </Button>
          <Button icon="link">{t('gallery.empty.connect')}</Button>
          <Button kind="quiet">{t('gallery.empty.demo')}</Button>
        </>
      }
    />
  )
}

export function LoadingPart() {
  const t = useText()
  return (
    <Section title={t('gallery.loading')} flush>
      <SkeletonRows rows={3} />
      <p className="mt-4">
        <SkeletonText width={180} />
      </p>
    </Section>
  )
}

export function TablePart() {
  const t = useText()
  const format = useFormat()
  const [state, setState] = useState<'rows' | 'loading' | 'failed' | 'empty'>('rows')
  const [shown, setShown] = useState(12)
  const columns = useMemo<Column<SampleCustomer>[]>(
    () => [
      {
        id: 'name',
        header: t('gallery.name'),
        clip: true,
        sort: row => row.name,
        cell: row => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'health',
        header: t('gallery.health'),
        width: 148,
        sort: row => row.score,
        cell: row => <Health score={row.score} band={row.band} change={row.change} aligned />,
      },
      {
        id: 'arr',
        header: t('gallery.arr'),
        align: 'end',
        width: 140,
        narrow: 'hide',
        sort: row => row.arr,
        cell: row => format.money(row.arr, 'JPY'),
      },
      {
        id: 'renewal',
        header: t('gallery.renewal'),
        align: 'end',
        width: 110,
        narrow: 'hide',
        sort: row => row.renewal,
        cell: row => format.day(row.renewal),
      },
      {
        id: 'owner',
        header: t('gallery.owner'),
        width: 200,
        narrow: 'hide',
        sort: row => row.owner,
        cell: row => (
          <span className="flex items-center gap-3 whitespace-nowrap">
            <Avatar name={row.owner} />
            {row.owner}
          </span>
        ),
      },
      {
        id: 'contact',
        header: t('gallery.contact'),
        align: 'end',
        width: 110,
        narrow: 'hide',
        optional: true,
        sort: row => row.contact,
        cell: row => format.relative(row.contact),
      },
      {
        id: 'tags',
        header: t('gallery.tags'),
        width: 150,
        narrow: 'hide',
        cell: row => (
          <span className="flex gap-2">
            {row.tags.map(tag => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ),
      },
    ],
    [t, format],
  )
  const rows = useMemo(() => customers.slice(0, shown), [shown])
  const given = { rows, loading: undefined, failed: undefined, empty: [] }[state]
  const states = [
    { value: 'rows', label: t('gallery.table') },
    { value: 'loading', label: t('gallery.table.loading') },
    { value: 'failed', label: t('gallery.table.failed') },
    { value: 'empty', label: t('gallery.table.empty') },
  ] as const
  return (
    <div className="g-wide k-section">
      <Section title={t('gallery.table')}>
        <DataTable
          id="gallery"
          label={t('gallery.table.label')}
          columns={columns}
          rows={given}
          rowId={row => row.id}
          rowName={row => row.name}
          sort={{ column: 'arr', descending: true }}
          tools={
            <Segments label={t('gallery.table')} options={states} value={state} onChange={setState} size="small" />
          }
          problem={state === 'failed' ? { text: t('gallery.table.reason'), retry: () => setState('rows') } : undefined}
          empty={<SampleEmpty />}
          total={customers.length}
          more={shown < customers.length ? { load: () => setShown(shown + 12), pending: false } : undefined}
          detail={() => t('gallery.detail', { cause: t('gallery.cause') })}
          bulk={(ids, clear) => (
            <Button
              kind="quiet"
              icon="user"
              onClick={() => {
                clear()
                toastDone(t('gallery.ownerChanged', { count: ids.length }), {
                  undo: () => toastDone(t('gallery.ownerRestored')),
                })
              }}
            >
              {t('gallery.changeOwner')}
            </Button>
          )}
        />
      </Section>
    </div>
  )
}
