import { useCallback } from 'react'
import type { customerUsage } from '../../../server/collect/ingest/contract/usage.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Section } from '../../kit/layout.tsx'

type Usage = RouteReply<typeof customerUsage>

interface UsageViewProps {
  usage: Usage
  /** Seats that were bought, beside those that are used. */
  licences?: number | null
}

const recentWeeks = 4

/** Use of the product over half a year, who was active in the last 30 days, and which features. */
export function UsageView({ usage, licences }: UsageViewProps) {
  const t = useText()
  const format = useFormat()
  const maySource = useMay('sources.manage')
  const { weeks, days, features } = usage
  // This week is not over: it would always look like a fall.
  const whole = weeks.slice(0, -1)
  const sum = (from: number, to?: number) => whole.slice(from, to).reduce((total, week) => total + week.events, 0)
  const now = sum(-recentWeeks)
  const before = sum(-2 * recentWeeks, -recentWeeks)
  const option = useCallback(
    () => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value) },
      xAxis: {
        type: 'category',
        data: weeks.map(week => format.shortDay(week.week)),
        axisLabel: { interval: 3 },
      },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'bar', name: t('record.usage.events'), data: weeks.map(week => week.events) }],
    }),
    [t, format, weeks],
  )
  if (weeks.every(week => week.events === 0) && features.length === 0)
    return (
      <EmptyState
        title={t('record.usage.empty')}
        text={t('record.usage.emptyText')}
        actions={
          maySource && (
            <a href="/sources" className="k-button" data-kind="primary">
              {t('record.usage.connect')}
            </a>
          )
        }
      />
    )
  const share = before > 0 ? (now - before) / before : null
  const active = Math.max(0, ...days.map(day => day.contacts))
  const title =
    share === null
      ? t('record.usage.titleNew')
      : Math.abs(share) < 0.03
        ? t('record.usage.titleFlat')
        : t(share > 0 ? 'record.usage.titleUp' : 'record.usage.titleDown', { share: format.percent(Math.abs(share)) })
  return (
    <div className="grid grid-cols-1 gap-5">
      <Facts
        facts={[
          {
            label: t('record.usage.events30'),
            value: format.number(days.reduce((total, day) => total + day.events, 0)),
          },
          {
            label: t('record.usage.peak'),
            value: format.number(active),
            small: licences ? t('record.usage.ofLicences', { count: licences }) : undefined,
          },
          { label: t('record.usage.features'), value: format.number(features.length) },
        ]}
      />
      <ChartFrame
        title={title}
        sub={t('record.usage.sub')}
        option={option}
        table={{
          head: [t('record.usage.week'), t('record.usage.events')],
          rows: weeks.toReversed().map(week => [format.day(week.week), format.number(week.events)]),
        }}
      />
      <Section title={t('record.usage.top')} note={t('record.usage.topNote')} flush>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">{t('record.usage.feature')}</th>
              <th scope="col" data-align="end">
                {t('record.usage.events')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('record.usage.people')}
              </th>
              <th scope="col" data-align="end">
                {t('record.usage.change')}
              </th>
            </tr>
          </thead>
          <tbody>
            {features.map(feature => (
              <tr key={feature.feature} data-row>
                <td>{feature.feature}</td>
                <td data-align="end">{format.number(feature.events)}</td>
                <td data-align="end" data-narrow="hide">
                  {format.number(feature.contacts)}
                </td>
                <td data-align="end" className={feature.events < feature.before ? 'text-red' : 'text-t3'}>
                  {format.change(feature.events - feature.before, 0)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {features.length === 0 && <p className="text-t3 pt-4">{t('record.usage.noFeatures')}</p>}
      </Section>
    </div>
  )
}
