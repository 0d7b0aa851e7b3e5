import { useCallback } from 'react'
import { bandColours } from '../../features/scorecards/colours.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import type { Preview } from './scorecard.ts'

type Point = Preview['series'][number]

/** Mean score of past days as it was, and as the draft would have said. */
export function PastChart({ series }: { series: readonly Point[] }) {
  const t = useText()
  const format = useFormat()
  const option = useCallback(
    (colours: ChartColours) => {
      const line = (name: string, part: 'before' | 'after', extra: object) => ({
        type: 'line',
        name,
        data: series.map(point => [Date.parse(point.day), point[part]]),
        ...extra,
      })
      return {
        tooltip: {
          trigger: 'axis',
          valueFormatter: (value: number | null) => (value === null ? '–' : format.number(value, 1)),
        },
        grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
        xAxis: {
          type: 'time',
          splitNumber: 5,
          axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true },
        },
        yAxis: { type: 'value', scale: true },
        series: [
          line(t('scorecards.preview.before'), 'before', {
            lineStyle: { color: colours.mute, type: 'dashed' },
            itemStyle: { color: colours.mute },
          }),
          line(t('scorecards.preview.after'), 'after', {}),
        ],
      }
    },
    [t, format, series],
  )
  const [first, last] = [series[0], series.at(-1)]
  const both = series.filter(point => point.before !== null && point.after !== null)
  const difference =
    both.length === 0 ? null : both.reduce((sum, point) => sum + point.after! - point.before!, 0) / both.length
  const share = (counts: Point['coloursAfter']) => {
    const total = bandColours.reduce((sum, colour) => sum + (counts[colour] ?? 0), 0)
    return total === 0 ? '–' : format.percent((counts.red ?? 0) / total)
  }
  return (
    <ChartFrame
      title={
        difference === null
          ? t('scorecards.preview.pastNew')
          : Math.abs(difference) < 0.05
            ? t('scorecards.preview.pastSame')
            : t('scorecards.preview.pastTitle', { change: format.change(difference, 1) })
      }
      sub={t('scorecards.preview.pastSub', {
        from: first ? format.shortDay(first.day) : '',
        to: last ? format.shortDay(last.day) : '',
      })}
      option={option}
      table={{
        head: [
          t('health.day'),
          t('scorecards.preview.before'),
          t('scorecards.preview.after'),
          t('scorecards.preview.redBefore'),
          t('scorecards.preview.redAfter'),
        ],
        rows: series
          .toReversed()
          .map(point => [
            format.day(point.day),
            point.before === null ? '–' : format.number(point.before, 1),
            point.after === null ? '–' : format.number(point.after, 1),
            share(point.coloursBefore),
            share(point.coloursAfter),
          ]),
      }}
    />
  )
}
