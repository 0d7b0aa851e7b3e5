import { useCallback, useState } from 'react'
import { listRates } from '../../../server/collect/ingest/contract/sources.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useRefresh } from '../../api/refresh.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { Note } from '../../kit/note.tsx'
import type { Source } from './source-state.ts'

const spans = ['24', '48', '168'] as const
const refreshSeconds = 30

/** Messages by hour of arrival: what was stored, what had come before, what was refused. */
export function RateChart({ source }: { source: Source }) {
  const t = useText()
  const format = useFormat()
  const [span, setSpan] = useState<(typeof spans)[number]>('48')
  const rates = useRoute(listRates, { params: { id: source.id }, query: { hours: Number(span) } })
  useRefresh(listRates.path, refreshSeconds)
  const hours = rates.data?.items
  const option = useCallback(
    (colours: ChartColours) => {
      const items = hours ?? []
      const bar = (name: string, data: number[], color?: string) => ({
        type: 'bar',
        stack: 'messages',
        name,
        data,
        ...(color && { itemStyle: { color } }),
      })
      return {
        tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value) },
        legend: { bottom: 0 },
        grid: { bottom: 48 },
        xAxis: { type: 'category', data: items.map(({ hour }) => `${format.shortDay(hour)} ${format.time(hour)}`) },
        yAxis: { type: 'value', minInterval: 1 },
        series: [
          bar(
            t('sources.rate.accepted'),
            items.map(each => each.accepted),
          ),
          bar(
            t('sources.rate.duplicated'),
            items.map(each => each.duplicated - each.conflicting),
            colours.mute,
          ),
          bar(
            t('sources.rate.conflicting'),
            items.map(each => each.conflicting),
          ),
          bar(
            t('sources.rate.rejected'),
            items.map(each => each.rejected),
          ),
        ],
      }
    },
    [t, format, hours],
  )
  if (rates.error && !hours)
    return (
      <Note tone="red" alert>
        {wordsOf(rates.error, t)}
      </Note>
    )
  const sum = (name: 'accepted' | 'duplicated' | 'rejected') =>
    (hours ?? []).reduce((total, each) => total + each[name], 0)
  const [accepted, rejected] = [sum('accepted'), sum('rejected')]
  const share = accepted + rejected > 0 ? rejected / (accepted + rejected) : 0
  const title =
    accepted + rejected + sum('duplicated') === 0
      ? t('sources.rate.none')
      : rejected > 0
        ? t('sources.rate.some', {
            total: accepted + rejected,
            rejected,
            share: format.percent(share, share < 0.1 ? 1 : 0),
          })
        : t('sources.rate.all', { count: accepted })
  return (
    <div className="grid grid-cols-1 gap-4">
      <div>
        <Segments
          label={t('sources.rate.span')}
          size="small"
          value={span}
          onChange={setSpan}
          options={spans.map(value => ({ value, label: t(`sources.rate.hours.${value}`) }))}
        />
      </div>
      <ChartFrame
        title={title}
        sub={t('sources.rate.sub', { when: format.time(Date.now()) })}
        definition={t('sources.rate.definition')}
        height={220}
        option={option}
        table={{
          head: [
            t('sources.rate.hour'),
            t('sources.rate.accepted'),
            t('sources.rate.duplicated'),
            t('sources.rate.conflicting'),
            t('sources.rate.rejected'),
          ],
          rows: (hours ?? [])
            .toReversed()
            .map(each => [
              `${format.shortDay(each.hour)} ${format.time(each.hour)}`,
              format.number(each.accepted),
              format.number(each.duplicated - each.conflicting),
              format.number(each.conflicting),
              format.number(each.rejected),
            ]),
        }}
      />
    </div>
  )
}
