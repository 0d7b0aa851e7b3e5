import { useCallback, useMemo } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { falseAlarmsOf, foundAt, gains, outcomes, precisionOf, recallOf } from './curves.ts'
import { ownMethod, type Report } from './model.ts'

const height = 260
const grid = { left: 8, right: 20, top: 12, bottom: 24, containLabel: true }

/** Both axes from 0 to 100 %, with a name under the horizontal one. */
function useSquare() {
  const format = useFormat()
  return useCallback(
    (name: string) => {
      const axisLabel = { formatter: (value: number) => format.percent(value) }
      return {
        grid,
        xAxis: { type: 'value', max: 1, name, nameLocation: 'middle', nameGap: 26, axisLabel },
        yAxis: { type: 'value', max: 1, axisLabel },
      }
    },
    [format],
  )
}

/** What knows nothing, or is perfect: from corner to corner. */
function diagonal(name: string, color: string) {
  return {
    type: 'line',
    name,
    data: [
      [0, 0],
      [1, 1],
    ],
    lineStyle: { color, type: 'dashed' },
    itemStyle: { color },
    silent: true,
  }
}

/** What a title may speak of: among those it gave more than the usual chance, the group with most customers. */
function typicalBin({ reliability, prevalence }: Report) {
  return (
    reliability.filter(({ predicted }) => predicted > prevalence).toSorted((one, two) => two.rows - one.rows)[0] ??
    reliability.at(-1)
  )
}

/** Whether what is said comes true: predicted chance against the share that left, with intervals. */
export function ReliabilityChart({ report }: { report: Report }) {
  const t = useText()
  const format = useFormat()
  const square = useSquare()
  const { reliability } = report
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'item', valueFormatter: (value: number) => format.percent(value, 1) },
      ...square(t('churn.predicted')),
      legend: { orient: 'vertical', left: 56, top: 8 },
      series: [
        diagonal(t('churn.perfect'), colours.mute),
        {
          type: 'line',
          name: t('churn.observed'),
          symbol: 'circle',
          symbolSize: 7,
          data: reliability.map(({ predicted, observed }) => [predicted, observed]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.interval, type: 'solid', width: 3, opacity: 0.7 },
            data: reliability.map(({ predicted, low, high }) => [
              { coord: [predicted, low] },
              { coord: [predicted, high] },
            ]),
          },
        },
      ],
    }),
    [t, format, square, reliability],
  )
  const typical = typicalBin(report)
  return (
    <ChartFrame
      title={
        typical
          ? t('churn.reliability', {
              predicted: format.percent(typical.predicted),
              observed: format.percent(typical.observed),
            })
          : t('churn.reliabilityNone')
      }
      sub={t('churn.reliabilitySub')}
      height={height}
      option={option}
      table={{
        head: [t('churn.predicted'), t('churn.observed'), t('churn.interval'), t('churn.observations')],
        rows: reliability.map(each => [
          format.percent(each.predicted, 1),
          format.percent(each.observed, 1),
          `${format.percent(each.low, 1)}–${format.percent(each.high, 1)}`,
          format.number(each.rows),
        ]),
      }}
    />
  )
}

/** How much churn is reached by contacting so many, from the highest score down; beside the health score alone. */
export function GainsChart({ report }: { report: Report }) {
  const t = useText()
  const format = useFormat()
  const square = useSquare()
  const curves = useMemo(
    () =>
      report.methods
        .filter(({ name }) => name === 'model' || name === 'health')
        .map(({ name, byScore }) => ({ name, curve: gains(byScore) })),
    [report],
  )
  const own = curves.find(({ name }) => name === 'model')?.curve ?? []
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value) },
      ...square(t('churn.taken')),
      legend: { orient: 'vertical', right: 24, bottom: 56 },
      series: [
        ...curves.map(({ name, curve }) => ({
          type: 'line',
          name: t(name === 'model' ? 'churn.method.model' : 'churn.method.health'),
          data: curve,
          ...(name !== 'model' && { lineStyle: { color: colours.mute }, itemStyle: { color: colours.mute } }),
        })),
        diagonal(t('churn.atRandom'), colours.muteSoft),
      ],
    }),
    [t, format, square, curves],
  )
  return (
    <ChartFrame
      title={t('churn.gains', { taken: format.percent(0.1), found: format.percent(foundAt(own, 0.1)) })}
      sub={t('churn.gainsSub')}
      height={height}
      option={option}
      table={{
        head: [
          t('churn.taken'),
          ...curves.map(({ name }) => t(name === 'model' ? 'churn.method.model' : 'churn.method.health')),
        ],
        rows: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1].map(share => [
          format.percent(share),
          ...curves.map(({ curve }) => format.percent(foundAt(curve, share), 1)),
        ]),
      }}
    />
  )
}

/** Those who left and are found, for how many false alarms. */
export function RocChart({ report }: { report: Report }) {
  const t = useText()
  const format = useFormat()
  const square = useSquare()
  const { auc, byScore } = ownMethod(report)
  const points = useMemo(
    () => outcomes(byScore).map(each => ({ ...each, alarms: falseAlarmsOf(each), found: recallOf(each) ?? 0 })),
    [byScore],
  )
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value) },
      ...square(t('churn.falseAlarms')),
      series: [
        { type: 'line', name: t('churn.recall'), data: points.map(({ alarms, found }) => [alarms, found]).reverse() },
        diagonal(t('churn.atRandom'), colours.mute),
      ],
    }),
    [t, format, square, points],
  )
  return (
    <ChartFrame
      title={t('churn.roc', { auc: auc === null ? '–' : format.number(auc, 3) })}
      sub={t('churn.rocSub')}
      height={height}
      option={option}
      table={{
        head: [t('churn.threshold'), t('churn.falseAlarms'), t('churn.recall')],
        rows: points
          .filter(({ threshold }) => threshold % 5 === 0)
          .map(({ threshold, alarms, found }) => [
            String(threshold),
            format.percent(alarms, 1),
            format.percent(found, 1),
          ]),
      }}
    />
  )
}

/** What is right among the warnings, for how much of the churn is found; with the threshold in use. */
export function PrecisionRecallChart({ report }: { report: Report }) {
  const t = useText()
  const format = useFormat()
  const square = useSquare()
  const { byScore, precision, recall } = ownMethod(report)
  const points = useMemo(
    () =>
      outcomes(byScore).flatMap(each => {
        const right = precisionOf(each)
        return right === null ? [] : [{ threshold: each.threshold, right, found: recallOf(each) ?? 0 }]
      }),
    [byScore],
  )
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.percent(value) },
      ...square(t('churn.recall')),
      series: [
        {
          type: 'line',
          name: t('churn.precision'),
          data: points.map(({ right, found }) => [found, right]).reverse(),
          ...(precision !== null &&
            recall !== null && {
              markPoint: {
                silent: true,
                symbol: 'circle',
                symbolSize: 9,
                itemStyle: { color: colours.text },
                label: {
                  formatter: t('churn.atThreshold', { threshold: report.threshold }),
                  position: 'top',
                  color: colours.text,
                },
                data: [{ coord: [recall, precision] }],
              },
            }),
        },
      ],
    }),
    [t, format, square, points, precision, recall, report.threshold],
  )
  return (
    <ChartFrame
      title={t('churn.precisionRecall', {
        threshold: report.threshold,
        precision: precision === null ? '–' : format.percent(precision),
        recall: recall === null ? '–' : format.percent(recall),
      })}
      sub={t('churn.precisionRecallSub')}
      height={height}
      option={option}
      table={{
        head: [t('churn.threshold'), t('churn.precision'), t('churn.recall')],
        rows: points
          .filter(({ threshold }) => threshold % 5 === 0)
          .map(({ threshold, right, found }) => [
            String(threshold),
            format.percent(right, 1),
            format.percent(found, 1),
          ]),
      }}
    />
  )
}
