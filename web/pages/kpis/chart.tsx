import { useCallback } from 'react'
import { kpiValue } from '../../features/kpis/value.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import type { OpenKpi } from './opened.ts'

/** 24 months with the line of the target. */
export function KpiChart({ kpi }: { kpi: OpenKpi }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { series } = kpi
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 8, right: 24, top: 16, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number | null) => kpiValue(kpi, value ?? null, format, t) },
      xAxis: {
        type: 'category',
        data: series.map(({ month }) => format.month(`${month}-01`)),
        axisLabel: { hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        scale: true,
        axisLabel: { formatter: (value: number) => kpiValue(kpi, value, format, t) },
      },
      series: [
        {
          type: 'line',
          name: kpi.words[locale],
          symbol: 'circle',
          symbolSize: 5,
          data: series.map(({ value }) => value),
        },
        ...(series.some(({ target }) => target !== null)
          ? [
              {
                type: 'line',
                name: t('kpis.target'),
                step: 'middle',
                lineStyle: { type: 'dashed', width: 1.25, color: colours.mute },
                itemStyle: { color: colours.mute },
                data: series.map(({ target }) => target),
              },
            ]
          : []),
      ],
    }),
    [t, format, locale, kpi, series],
  )
  const known = series.filter(({ value }) => value !== null)
  const [first, last] = [known[0], known.at(-1)]
  return (
    <ChartFrame
      title={
        first && last && first !== last
          ? t('kpis.went', {
              name: kpi.words[locale],
              from: kpiValue(kpi, first.value, format, t),
              to: kpiValue(kpi, last.value, format, t),
            })
          : kpi.words[locale]
      }
      sub={
        first && last
          ? t('kpis.months', { from: format.month(`${first.month}-01`), to: format.month(`${last.month}-01`) })
          : t('kpis.noData')
      }
      height={260}
      option={option}
      table={{
        head: [t('kpis.month'), t('kpis.value'), t('kpis.target'), t('kpis.customers')],
        rows: series
          .toReversed()
          .map(figure => [
            format.month(`${figure.month}-01`),
            kpiValue(kpi, figure.value, format, t),
            kpiValue(kpi, figure.target, format, t),
            format.number(figure.customers),
          ]),
      }}
    />
  )
}
