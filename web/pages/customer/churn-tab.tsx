import { Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { getCustomerChurn } from '../../../server/signals/churn/contract/predictions.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { BandBadge, useChurnBands } from '../../features/churn/band.tsx'
import { FactorList } from '../../features/churn/factors.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Columns, Facts, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { ChurnWhatIf } from './churn-what-if.tsx'
import '../../features/churn/churn.css'

type CustomerChurn = RouteReply<typeof getCustomerChurn>

/** The customer's chance of leaving: how large, how sure, why, what to do, how it went, and what would change it. */
export function ChurnTab({ customer }: { customer: Customer }) {
  const t = useText()
  const { data, error } = useRoute(getCustomerChurn, { params: { id: customer.id } })
  if (error && !data) {
    return (
      <EmptyState
        title={t(customer.status === 'CHURNED' ? 'churn.hasLeft' : 'churn.notJudged')}
        text={error.status === 404 ? t('churn.notJudgedText') : wordsOf(error, t)}
      />
    )
  }
  if (!data) return <SkeletonRows rows={8} />
  return (
    <div className="ch-stack">
      <ScoreFacts churn={data} />
      {data.basis === 'rules' && (
        <Note tone="orange">
          <p>
            {t(`churn.heldText.${data.held ?? 'no_model'}`)}{' '}
            {data.evidence && t('churn.evidence', { customers: data.evidence.customers, left: data.evidence.left })}
          </p>
        </Note>
      )}
      <Columns
        main={
          <div className="ch-gap">
            <Section title={t('churn.raising')} note={t('churn.partNote')}>
              {data.factors.length > 0 ? (
                <FactorList factors={data.factors} label={t('churn.raising')} />
              ) : (
                <p className="text-t3">{t('churn.noFactors')}</p>
              )}
            </Section>
            {data.protective.length > 0 && (
              <Section title={t('churn.lowering')}>
                <FactorList factors={data.protective} label={t('churn.lowering')} />
              </Section>
            )}
            <Sum churn={data} />
            <History churn={data} />
          </div>
        }
        rail={
          <>
            <Actions churn={data} />
            {data.simulable.length > 0 && <ChurnWhatIf customer={customer} churn={data} />}
          </>
        }
      />
    </div>
  )
}

function ScoreFacts({ churn }: { churn: CustomerChurn }) {
  const t = useText()
  const format = useFormat()
  const bands = useChurnBands()
  return (
    <Facts
      facts={[
        {
          label: t('churn.score'),
          value: format.number(churn.score, 1),
          small: <BandBadge band={bands.find(({ key }) => key === churn.band)} />,
        },
        {
          label: t('churn.change7'),
          value: churn.before7 === null ? '–' : format.change(churn.score - churn.before7, 1),
        },
        {
          label: t('churn.confidence'),
          value: t(`churn.confidence.${churn.confidence}`),
          small:
            churn.low !== null && churn.high !== null
              ? `${format.number(churn.low, 0)}–${format.number(churn.high, 0)}`
              : undefined,
        },
        { label: t('churn.atStake'), value: format.shortMoney(churn.atStake, churn.currency) },
        {
          label: t('churn.judgedBy'),
          value: churn.model ? (
            <Link to="/churn/models/$id" params={{ id: churn.model.id }} className="k-link">
              {t('churn.versionNumber', { version: churn.model.version })}
            </Link>
          ) : (
            t('churn.basis.rules')
          ),
          small: format.relative(churn.predictedAt),
        },
      ]}
    />
  )
}

/** How the parts add up to the chance. */
function Sum({ churn }: { churn: CustomerChurn }) {
  const t = useText()
  const format = useFormat()
  if (churn.base === null || churn.rest === null) return null
  const listed = [...churn.factors, ...churn.protective].reduce((sum, { part }) => sum + part, 0)
  return (
    <p className="ch-proof">
      {t('churn.sum', {
        base: format.number(churn.base, 1),
        listed: format.change(listed, 1),
        rest: format.change(churn.rest, 1),
        score: format.number(churn.base + listed + churn.rest, 1),
      })}
    </p>
  )
}

function Actions({ churn }: { churn: CustomerChurn }) {
  const t = useText()
  const { locale } = useLocale()
  const bands = useChurnBands()
  const band = bands.find(({ key }) => key === churn.band)
  const advice = band && (locale === 'ja' ? band.adviceJa : band.adviceEn)
  return (
    <Section title={t('churn.actions')}>
      {advice && <p className="pb-4">{advice}</p>}
      {churn.actions.length === 0 && !advice && <p className="text-t3">{t('churn.noActions')}</p>}
      <ul className="ch-form">
        {churn.actions.map(({ words, because }) => (
          <li key={words.en}>
            <p>{words[locale]}</p>
            <p className="ch-reasons">{t('churn.because', { reason: because[locale] })}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function History({ churn }: { churn: CustomerChurn }) {
  const t = useText()
  const format = useFormat()
  const { history, threshold } = churn
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value, 1) },
      grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
      xAxis: { type: 'time', axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true } },
      yAxis: { type: 'value', min: 0, max: 100 },
      series: [
        {
          type: 'line',
          name: t('churn.score'),
          symbol: history.length < 20 ? 'circle' : 'none',
          data: history.map(({ day, score }) => [Date.parse(day), score]),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.mute, type: 'dashed' },
            label: { formatter: t('churn.threshold'), position: 'insideEndTop', color: colours.label },
            data: [{ yAxis: threshold }],
          },
        },
      ],
    }),
    [t, format, history, threshold],
  )
  const [first, last] = [history[0], history.at(-1)]
  if (!first || !last) return null
  // One day is no course: it says from when on there will be one.
  if (history.length === 1) {
    return (
      <Section title={t('churn.historyNone')}>
        <p className="text-t2">{t('churn.historyBegan', { day: format.day(first.day) })}</p>
      </Section>
    )
  }
  return (
    <ChartFrame
      title={t('churn.wentFromTo', { from: format.number(first.score, 0), to: format.number(last.score, 0) })}
      sub={t('churn.historySince', { day: format.day(first.day) })}
      height={200}
      option={option}
      table={{
        head: [t('churn.day'), t('churn.score'), t('churn.judgedBy')],
        rows: history
          .toReversed()
          .map(({ day, score, basis, version }) => [
            format.day(day),
            format.number(score, 1),
            basis === 'model' && version !== null ? t('churn.versionNumber', { version }) : t('churn.basis.rules'),
          ]),
      }}
    />
  )
}
