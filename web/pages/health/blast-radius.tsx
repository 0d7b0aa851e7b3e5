import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { previewScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useCommand, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { Facts, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

type Preview = RouteReply<typeof previewScorecard>

/** What a definition would do if it counted: who moves, and what it would have said of the past. */
export function BlastRadius({ id, definition }: { id: string; definition: ScorecardDefinition }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [shown, setShown] = useState<Preview>()
  const [fault, setFault] = useState<string>()
  const { run } = useCommand(previewScorecard, { quiet: true, stale: [] })
  useEffect(() => {
    let current = true
    setShown(undefined)
    run({ params: { id }, body: { definition, history: true } }).then(
      reply => current && setShown(reply),
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [run, id, definition, t])
  const nameOf = (key: string | null) => {
    const band = definition.bands.find(each => each.key === key)
    return band ? (locale === 'ja' ? band.nameJa : band.nameEn) : (key ?? t('health.noScore'))
  }
  if (fault) return <Note tone="red">{fault}</Note>
  if (!shown) return <SkeletonRows rows={6} />
  const moving = shown.moves.reduce((sum, each) => sum + each.customers, 0)
  return (
    <div className="grid gap-6">
      <Facts
        facts={[
          {
            label: t('health.preview.moving'),
            value: format.number(moving),
            small: t('health.ofAll', { count: shown.customers }),
          },
          {
            label: t('health.mean'),
            value: shown.meanAfter === null ? '–' : format.number(shown.meanAfter, 1),
            small:
              shown.meanBefore === null
                ? undefined
                : t('health.preview.now', { mean: format.number(shown.meanBefore, 1) }),
          },
          ...shown.thresholds.map(({ below, falling, rising }) => ({
            label: t('health.preview.threshold', { below }),
            value: `−${format.number(falling)} / +${format.number(rising)}`,
          })),
        ]}
      />
      <Section title={t('health.preview.moves')} flush>
        {moving === 0 && <p className="text-t3">{t('health.preview.none')}</p>}
        <ul className="u-list">
          {shown.moves.map(({ from, to, customers }) => (
            <li key={`${from} ${to}`}>
              {nameOf(from)} → {nameOf(to)}: <b>{t('health.count', { count: customers })}</b>
            </li>
          ))}
        </ul>
      </Section>
      {shown.series.length > 1 && <Series preview={shown} />}
      {shown.largest.length > 0 && (
        <Section title={t('health.preview.largest')} flush>
          <ul className="e-movers">
            {shown.largest.map(({ id: customer, name, from, to, toBand }) => (
              <li key={customer}>
                <Link to="/customers/$id" params={{ id: customer }} className="truncate">
                  {name}
                </Link>
                <span className="e-change">
                  {from === null ? '–' : format.number(from, 0)} → <b>{to === null ? '–' : format.number(to, 0)}</b>
                </span>
                <span className="e-wide">{nameOf(toBand)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

function Series({ preview: { series } }: { preview: Preview }) {
  const t = useText()
  const format = useFormat()
  const option = useCallback(
    (palette: ChartColours) => ({
      grid: { left: 8, right: 60, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value, 1) },
      xAxis: { type: 'time', axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true } },
      yAxis: { type: 'value', scale: true },
      series: (['before', 'after'] as const).map(part => ({
        type: 'line',
        name: t(`health.preview.${part}`),
        data: series.map(each => [Date.parse(each.day), each[part]]),
        lineStyle: part === 'before' ? { color: palette.mute, type: 'dashed' } : undefined,
        endLabel: { show: true, formatter: t(`health.preview.${part}`), color: palette.text },
      })),
    }),
    [t, format, series],
  )
  return (
    <ChartFrame
      title={t('health.preview.series')}
      sub={t('health.preview.seriesSub')}
      option={option}
      table={{
        head: [t('health.day'), t('health.preview.before'), t('health.preview.after')],
        rows: series
          .toReversed()
          .map(({ day, before, after }) => [
            format.day(day),
            ...[before, after].map(each => (each === null ? '–' : format.number(each, 1))),
          ]),
      }}
    />
  )
}
