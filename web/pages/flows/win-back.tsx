import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import {
  listWinBack,
  readWinBack,
  winBackResults,
  winBackStages,
} from '../../../server/engage/flows/contract/reports.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { winBackTones } from './run-look.ts'

type Line = RouteReply<typeof listWinBack>['items'][number]

/** Customers who left: at which stage of the win-back they are, what comes next, and how many returned. */
export function WinBack() {
  const t = useText()
  const [result, setResult] = useState<Line['result']>()
  const [stage, setStage] = useState<Line['stage']>()
  const { rows, problem, retry, more } = useRoutePages(listWinBack, { query: { result, stage, limit: 50 } })
  const columns = useColumns()
  return (
    <div className="fl-fields">
      <Figures />
      <DataTable
        id="win-back"
        label={t('flows.winBack')}
        columns={columns}
        rows={rows}
        rowId={row => row.id}
        rowName={row => row.customerName}
        problem={problem ? { text: wordsOf(problem, t), retry } : undefined}
        more={more}
        tools={
          <>
            <Select
              aria-label={t('flows.winBack.result')}
              value={result ?? ''}
              options={[
                { value: '', label: t('flows.winBack.anyResult') },
                ...winBackResults.map(value => ({ value, label: t(`flows.winBack.${value}`) })),
              ]}
              onChange={event => setResult(winBackResults.find(each => each === event.currentTarget.value))}
            />
            <Select
              aria-label={t('flows.winBack.stage')}
              value={stage ?? ''}
              options={[
                { value: '', label: t('flows.winBack.anyStage') },
                ...winBackStages.map(value => ({ value, label: t(`flows.winBack.${value}`) })),
              ]}
              onChange={event => setStage(winBackStages.find(each => each === event.currentTarget.value))}
            />
          </>
        }
        empty={<EmptyState title={t('flows.winBack.none')} text={t('flows.winBack.noneText')} />}
      />
    </div>
  )
}

function Figures() {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(readWinBack, {})
  if (!data || data.entered === 0) return null
  const share = (rate: typeof data.rate) => (rate ? format.percent(rate.value) : '–')
  const range = data.rate
    ? t('flows.interval', { low: format.percent(data.rate.low), high: format.percent(data.rate.high) })
    : t('flows.winBack.rateNote')
  return (
    <dl className="fl-figures">
      <div>
        <dt>{t('flows.winBack.rate')}</dt>
        <dd>{share(data.rate)}</dd>
        <dd>
          {t('flows.winBack.target', { target: format.percent(data.target) })} · {range}
        </dd>
      </div>
      <div>
        <dt>{t('flows.winBack.soFar')}</dt>
        <dd>{format.number(data.returned)}</dd>
        <dd>{t('flows.winBack.ofEntered', { count: data.entered })}</dd>
      </div>
      <div>
        <dt>{t('flows.winBack.onTheWay')}</dt>
        <dd>{format.number(data.running)}</dd>
      </div>
      <div>
        <dt>{t('flows.winBack.heldRate')}</dt>
        <dd>{share(data.heldOut.rate)}</dd>
        <dd>{t('flows.winBack.of', { hits: data.heldOut.returned, of: data.heldOut.over })}</dd>
      </div>
    </dl>
  )
}

function useColumns(): Column<Line>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return useMemo<Column<Line>[]>(
    () => [
      {
        id: 'customer',
        header: t('flows.subject.customer'),
        clip: true,
        cell: row => (
          <Link to="/customers/$id" params={{ id: row.customerId }} className="k-name" title={row.customerName}>
            {row.customerName}
          </Link>
        ),
      },
      { id: 'stage', header: t('flows.winBack.stage'), width: 108, cell: row => t(`flows.winBack.${row.stage}`) },
      {
        id: 'reason',
        header: t('flows.winBack.reason'),
        clip: true,
        narrow: 'hide',
        cell: row => <span title={row.churnReason ?? undefined}>{row.churnReason ?? '–'}</span>,
      },
      {
        id: 'churned',
        header: t('flows.winBack.churned'),
        width: 112,
        narrow: 'hide',
        cell: row => (row.churnedOn ? format.shortDay(row.churnedOn) : '–'),
      },
      {
        id: 'next',
        header: t('flows.winBack.next'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          if (!row.nextStep) return <span className="text-t3">–</span>
          const { at, text, kind } = row.nextStep
          const words = text ?? t(`flows.step.${kind as 'email'}`)
          return (
            <span title={words}>
              {at && <time className="text-t3">{format.shortDay(at)}</time>} {words}
            </span>
          )
        },
      },
      {
        id: 'flow',
        header: t('flows.flow'),
        clip: true,
        narrow: 'hide',
        optional: true,
        cell: row => (
          <Link to="/flows/$id" params={{ id: row.flowId }} search={{ tab: 'runs' }} className="k-link">
            {row.flowName[locale]}
          </Link>
        ),
      },
      {
        id: 'result',
        header: t('flows.winBack.result'),
        width: 104,
        cell: row => <Badge tone={winBackTones[row.result]}>{t(`flows.winBack.${row.result}`)}</Badge>,
      },
    ],
    [t, format, locale],
  )
}
