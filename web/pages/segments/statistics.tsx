import { useCallback } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { type getSegment, segmentStatistics } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { kindOfUse } from '../../features/conditions/kind-of-use.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './segments.css'

type Segment = RouteReply<typeof getSegment>

/** What the members of a segment add up to. */
export function Statistics({ segment }: { segment: Segment }) {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(segmentStatistics, { params: { id: segment.id } })
  const sizes = data?.sizes
  const option = useCallback(
    () => ({
      grid: { left: 8, right: 24, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'time', axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          type: 'line',
          step: 'end',
          symbolSize: 5,
          data: (sizes ?? []).map(each => [Date.parse(each.day), each.members]),
        },
      ],
    }),
    [format, sizes],
  )
  if (!data) return <SkeletonRows rows={6} />
  const groups = [
    { title: t('segments.byTier'), rows: data.byTier.map(({ key, members }) => ({ name: key, members })) },
    { title: t('segments.byStatus'), rows: data.byStatus.map(({ key, members }) => ({ name: key, members })) },
    { title: t('segments.byOwner'), rows: data.byOwner.map(({ name, members }) => ({ name, members })) },
  ]
  return (
    <div className="grid gap-6">
      <Facts
        facts={[
          { label: t('segments.share'), value: data.share === null ? '–' : format.percent(data.share, 1) },
          ...data.arr.slice(0, 2).map(({ currency, amount }) => ({
            label: `${t('segments.arr')} ${currency}`,
            value: format.shortMoney(amount, currency),
          })),
          { label: t('segments.health'), value: data.meanHealth === null ? '–' : format.number(data.meanHealth, 0) },
        ]}
      />
      <ChartFrame
        title={t('segments.sizes')}
        sub={t('segments.sizesSub')}
        option={option}
        table={{
          head: [t('segments.at'), t('segments.members'), t('segments.entered'), t('segments.exited')],
          rows: data.sizes
            .toReversed()
            .map(({ day, members, entered, exited }) => [
              format.day(day),
              ...[members, entered, exited].map(each => format.number(each)),
            ]),
        }}
      />
      <div className="s-bars">
        {groups.map(({ title, rows }) => (
          <Section key={title} title={title} flush>
            <ul>
              {rows.map(({ name, members }) => (
                <li key={name ?? ''}>
                  <span className="truncate">{name ?? t('segments.none')}</span>
                  <span className="k-number">{format.number(members)}</span>
                </li>
              ))}
            </ul>
          </Section>
        ))}
      </div>
      <Section title={t('segments.usedBy')}>
        {data.usedBy.length === 0 && <p className="text-t3">{t('segments.notUsed')}</p>}
        <ul className="u-list">
          {data.usedBy.map(({ kind, id, name }) => (
            <li key={id}>
              {t(`segments.use.${kindOfUse(kind)}`)} · {name}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
