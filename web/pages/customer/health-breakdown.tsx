import { useCallback, useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { customerHealth, healthChanges, recalculate } from '../../../server/signals/scorecards/contract/health.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Health } from '../../kit/health.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import '../../features/conditions/conditions.css'
import { MeasureDialog, OverrideDialog, staleHealth } from './health-dialogs.tsx'

type State = RouteReply<typeof customerHealth>

/** The score of a customer with its factors, how it went, and what changed; of today or of a past day. */
export function HealthBreakdown({ customer }: { customer: Customer }) {
  const t = useText()
  const [day, setDay] = useState('')
  const { data, error } = useRoute(customerHealth, { params: { id: customer.id }, query: day ? { day } : {} })
  if (error) return <Note tone="red">{wordsOf(error, t)}</Note>
  if (!data) return <SkeletonRows rows={6} />
  if (!data.scorecard && !day) return <EmptyState title={t('health.noScore')} text={t('health.noScoreText')} />
  return (
    <>
      <Head customer={customer} state={data} day={day} onDay={setDay} />
      <Factors state={data} />
      {data.history.length > 1 && <History state={data} />}
      <Changes customer={customer} />
    </>
  )
}

interface HeadProps {
  customer: Customer
  state: State
  day: string
  onDay: (day: string) => void
}

function Head({ customer, state, day, onDay }: HeadProps) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const mayWrite = useMay('customers.write')
  const [dialog, setDialog] = useState<'override' | 'measure' | null>(null)
  const again = useCommand(recalculate, { stale: staleHealth, onDone: () => toastDone(t('health.recalculated')) })
  const band = state.scorecard?.bands.find(each => each.key === state.band)
  const actions = band ? (locale === 'ja' ? band.actionsJa : band.actionsEn) : []
  return (
    <Section
      title={state.scorecard ? nameOf(state.scorecard, locale) : t('health.noScore')}
      note={state.scorecard && t('health.version', { version: state.scorecard.version })}
      end={
        <span className="q-parts">
          <label className="q-parts">
            <span>{t('health.onDay')}</span>
            <input type="date" className="k-input" value={day} onChange={event => onDay(event.currentTarget.value)} />
          </label>
          {mayWrite && !day && (
            <>
              <Button
                size="small"
                icon="refresh"
                pending={again.pending}
                onClick={() => void again.run({ body: { customerIds: [customer.id] } })}
              >
                {t('health.recalculate')}
              </Button>
              <Button size="small" onClick={() => setDialog('override')}>
                {t('health.override')}
              </Button>
              {state.measures.length > 0 && (
                <Button size="small" onClick={() => setDialog('measure')}>
                  {t('health.measure')}
                </Button>
              )}
            </>
          )}
        </span>
      }
    >
      <Facts
        facts={[
          {
            label: t('health.score'),
            value: <Health score={state.score} band={band?.colour ?? 'none'} name={band && nameOf(band, locale)} />,
          },
          { label: t('health.coverage'), value: format.percent(state.coverage) },
          {
            label: t('health.computed'),
            value: state.computedAt ? format.relative(state.computedAt) : state.day ? format.day(state.day) : '–',
          },
        ]}
      />
      {state.override && (
        <Note tone="orange">
          {t('health.overridden', {
            score: format.number(state.override.score),
            reason: state.override.reason,
            name: state.override.setByName ?? '',
            day: format.day(state.override.expiresOn),
          })}
        </Note>
      )}
      {state.exception && (
        <Note tone="orange">
          {t('health.exception', {
            name: state.exception[locale],
            raw: state.raw === null ? '–' : format.number(state.raw, 1),
          })}
        </Note>
      )}
      {actions.length > 0 && (
        <p className="text-t2">{t('health.nextSteps', { steps: actions.join(t('record.comma')) })}</p>
      )}
      {dialog === 'override' && (
        <OverrideDialog customer={customer} override={state.override} onClose={() => setDialog(null)} />
      )}
      {dialog === 'measure' && (
        <MeasureDialog customer={customer} measures={state.measures} onClose={() => setDialog(null)} />
      )}
    </Section>
  )
}

function Factors({ state }: { state: State }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const shownValue = (factor: State['factors'][number]) => {
    if (factor.input === null) return t('health.unknown')
    const digits = factor.input % 1 === 0 ? 0 : 1
    const number = format.number(factor.input, digits).replace('-', '−')
    return factor.unit === 'percent' ? `${number}%` : factor.unit === 'days' ? t('health.days', { number }) : number
  }
  return (
    <Section title={t('health.factors')} note={t('health.factorsNote')} flush>
      <table className="k-table e-factors" aria-label={t('health.factors')}>
        <thead>
          <tr>
            <th scope="col">{t('health.column.name')}</th>
            <th scope="col" data-align="end">
              {t('health.value')}
            </th>
            <th scope="col" data-align="end" data-narrow="hide">
              {t('health.asOf')}
            </th>
            <th scope="col" data-align="end">
              {t('health.points')}
            </th>
            <th scope="col" data-narrow="hide" aria-label={t('health.share')} />
          </tr>
        </thead>
        <tbody>
          {state.factors.map(factor => (
            <tr key={factor.key} data-row>
              <td title={factor.sourceKey}>{nameOf(factor, locale)}</td>
              <td data-align="end">
                {shownValue(factor)} {factor.stale && <Badge tone="orange">{t('health.stale')}</Badge>}
              </td>
              <td data-align="end" data-narrow="hide">
                {factor.asOf === null ? <span className="text-t3">–</span> : format.shortDay(factor.asOf)}
              </td>
              <td data-align="end">
                {factor.score === null ? <span className="text-t3">–</span> : format.number(factor.points, 1)}
                {factor.weight > 0 && <small className="text-t3"> / {format.number(factor.weight, 1)}</small>}
              </td>
              <td data-narrow="hide" className="u-meter-cell">
                <span className="u-meter" style={{ width: `${factor.score ?? 0}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function History({ state: { history } }: { state: State }) {
  const t = useText()
  const format = useFormat()
  const [first, last] = [history[0]!, history.at(-1)!]
  const option = useCallback(
    (palette: ChartColours) => ({
      grid: { left: 8, right: 40, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value, 1) },
      xAxis: {
        type: 'time',
        splitNumber: 5,
        axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true },
      },
      yAxis: { type: 'value', min: 0, max: 100, interval: 20 },
      series: [
        {
          type: 'line',
          name: t('health.score'),
          data: history.map(each => [Date.parse(each.day), each.score]),
          endLabel: {
            show: true,
            formatter: () => format.number(last.score ?? 0, 0),
            fontWeight: 600,
            color: palette.text,
          },
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: palette.mute, type: 'dashed' },
            label: { color: palette.text, formatter: ({ data }: { data: { name: string } }) => data.name },
            data: history
              .filter((each, at) => at > 0 && each.version !== history[at - 1]!.version)
              .map(each => ({ xAxis: Date.parse(each.day), name: `v${each.version}` })),
          },
        },
      ],
    }),
    [t, format, history, last],
  )
  return (
    <div className="my-6">
      <ChartFrame
        title={t('health.history', { from: format.number(first.score ?? 0, 0), to: format.number(last.score ?? 0, 0) })}
        sub={t('health.historySub', { from: format.day(first.day), to: format.day(last.day) })}
        option={option}
        table={{
          head: [t('health.day'), t('health.score')],
          rows: history
            .toReversed()
            .map(each => [format.day(each.day), each.score === null ? '–' : format.number(each.score, 1)]),
        }}
      />
    </div>
  )
}

function Changes({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [from, setFrom] = useState('')
  const { data } = useRoute(healthChanges, { params: { id: customer.id }, query: from ? { from } : {} })
  if (!data?.from) return null
  return (
    <Section
      title={t('health.changed', {
        from: data.from.score === null ? '–' : format.number(data.from.score, 0),
        to: data.to?.score == null ? '–' : format.number(data.to.score, 0),
      })}
      note={t('health.since', { day: format.day(data.from.day) })}
      end={
        <label className="q-parts">
          <span>{t('health.compareDay')}</span>
          <input type="date" className="k-input" value={from} onChange={event => setFrom(event.currentTarget.value)} />
        </label>
      }
    >
      {data.causes.length === 0 && <p className="text-t3">{t('health.unchanged')}</p>}
      <ul className="u-list">
        {data.causes.map(cause => (
          <li key={cause.key}>{cause.words[locale]}</li>
        ))}
      </ul>
    </Section>
  )
}
