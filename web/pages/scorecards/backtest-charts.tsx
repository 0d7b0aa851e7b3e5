import { useCallback } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import type { Backtest } from './scorecard.ts'

/** The ROC curve: how many of those who left are caught for how many false alarms. */
export function RocChart({ result }: { result: Backtest }) {
  const t = useText()
  const format = useFormat()
  const { roc, auc } = result
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value) },
      grid: { left: 8, right: 16, top: 12, bottom: 24, containLabel: true },
      xAxis: {
        type: 'value',
        max: 1,
        name: t('scorecards.backtest.falseAlarms'),
        nameLocation: 'middle',
        nameGap: 26,
        axisLabel: { formatter: (value: number) => format.percent(value) },
      },
      yAxis: { type: 'value', max: 1, axisLabel: { formatter: (value: number) => format.percent(value) } },
      series: [
        { type: 'line', name: t('scorecards.backtest.caught'), data: roc },
        {
          type: 'line',
          name: t('scorecards.backtest.chance'),
          data: [
            [0, 0],
            [1, 1],
          ],
          lineStyle: { color: colours.mute, type: 'dashed' },
          itemStyle: { color: colours.mute },
          silent: true,
        },
      ],
    }),
    [t, format, roc],
  )
  // The share of those who left that the lowest fifth of those who stayed would cost.
  const caught = roc.findLast(([falseAlarm]) => falseAlarm <= 0.2)?.[1] ?? 0
  return (
    <ChartFrame
      title={t('scorecards.backtest.rocTitle', { caught: format.percent(caught), alarms: format.percent(0.2) })}
      sub={t('scorecards.backtest.rocSub', { auc: auc === null ? '–' : format.number(auc, 3) })}
      height={260}
      option={option}
      table={{
        head: [t('scorecards.backtest.falseAlarms'), t('scorecards.backtest.caught')],
        rows: roc.map(([falseAlarm, hit]) => [format.percent(falseAlarm, 1), format.percent(hit, 1)]),
      }}
    />
  )
}

/** Churn rate by tenths of the customers, from the lowest score on, against the rate of all. */
export function LiftChart({ result }: { result: Backtest }) {
  const t = useText()
  const format = useFormat()
  const { deciles, prevalence } = result
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value, 1) },
      grid: { left: 8, right: 16, top: 12, bottom: 24, containLabel: true },
      xAxis: {
        type: 'category',
        name: t('scorecards.backtest.tenths'),
        nameLocation: 'middle',
        nameGap: 26,
        data: deciles.map(({ decile }) => String(decile)),
      },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => format.percent(value) } },
      series: [
        {
          type: 'bar',
          name: t('scorecards.backtest.rate'),
          data: deciles.map(({ rate }) => rate),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.text, type: 'dashed' },
            label: { formatter: format.percent(prevalence, 1), color: colours.text, position: 'insideEndTop' },
            data: [{ yAxis: prevalence }],
          },
        },
      ],
    }),
    [t, format, deciles, prevalence],
  )
  const lift = deciles[0]?.lift ?? null
  return (
    <ChartFrame
      title={
        lift === null
          ? t('scorecards.backtest.liftNone')
          : t('scorecards.backtest.liftTitle', { lift: format.number(lift, 1) })
      }
      sub={t('scorecards.backtest.liftSub')}
      height={260}
      option={option}
      table={{
        head: [
          t('scorecards.backtest.tenth'),
          t('health.customersHead'),
          t('scorecards.backtest.churned'),
          t('scorecards.backtest.rate'),
          t('scorecards.backtest.lift'),
        ],
        rows: deciles.map(each => [
          String(each.decile),
          format.number(each.customers),
          format.number(each.churned),
          format.percent(each.rate, 1),
          each.lift === null ? '–' : format.number(each.lift, 2),
        ]),
      }}
    />
  )
}
