import { useCallback } from 'react'
import { bandColours } from '../../features/scorecards/colours.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import type { Overview } from './overview.ts'

/** Share of customers by colour over 90 days, with the days on which a scorecard changed. */
export function TrendChart({ overview }: { overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { trend, markers } = overview
  const option = useCallback(
    (colours: ChartColours) => {
      const total = (day: Overview['trend'][number]) =>
        Math.max(
          1,
          bandColours.reduce((sum, colour) => sum + (day.colours[colour] ?? 0), 0),
        )
      const stamp = (day: string) => Date.parse(day)
      return {
        tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value / 100) },
        grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
        xAxis: {
          type: 'time',
          splitNumber: 4,
          axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true },
        },
        yAxis: { type: 'value', max: 100, axisLabel: { formatter: (value: number) => format.percent(value / 100) } },
        series: bandColours.toReversed().map((colour, at) => ({
          type: 'line',
          stack: 'share',
          name: t(`kit.health.${colour}`),
          lineStyle: { width: 0 },
          itemStyle: { color: colours[colour] },
          areaStyle: { color: colours[colour], opacity: 0.85 },
          data: trend.map(day => [stamp(day.day), ((day.colours[colour] ?? 0) / total(day)) * 100]),
          ...(at === 0 && {
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: colours.text, type: 'dashed' },
              label: { formatter: ({ name }: { name: string }) => name, color: colours.text, fontSize: 11 },
              data: markers
                .filter(marker => trend[0] && marker.day >= trend[0].day && marker.day <= (trend.at(-1)?.day ?? ''))
                .map(marker => ({ xAxis: stamp(marker.day), name: `v${marker.version}` })),
            },
          }),
        })),
      }
    },
    [t, format, trend, markers],
  )
  const [first, last] = [trend[0], trend.at(-1)]
  const difference = (last?.mean ?? 0) - (first?.mean ?? 0)
  const isMoved = Math.abs(difference) >= 1
  const changes = markers.map(marker =>
    t('health.marker', {
      day: format.shortDay(marker.day),
      name: nameOf(marker, locale),
      version: marker.version,
    }),
  )
  return (
    <ChartFrame
      title={
        trend.length < 2
          ? t('health.trendNone')
          : t(isMoved ? (difference > 0 ? 'health.trendUp' : 'health.trendDown') : 'health.trendFlat', {
              from: format.number(first?.mean ?? 0, 1),
              to: format.number(last?.mean ?? 0, 1),
            })
      }
      sub={
        first && last
          ? t('health.trendSub', { from: format.shortDay(first.day), to: format.shortDay(last.day) })
          : t('health.trendSubNone')
      }
      height={240}
      option={option}
      definition={
        <>
          <p>{t('health.trendDefinition')}</p>
          {changes.map(change => (
            <p key={change}>{change}</p>
          ))}
        </>
      }
      table={{
        head: [t('health.day'), t('health.mean'), ...bandColours.map(colour => t(`kit.health.${colour}`))],
        rows: trend
          .toReversed()
          .map(day => [
            format.day(day.day),
            day.mean === null ? '–' : format.number(day.mean, 1),
            ...bandColours.map(colour => format.number(day.colours[colour] ?? 0)),
          ]),
      }}
    />
  )
}
