import { useCallback, useMemo, useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  calculateHealthScore,
  createHealthScore,
  type HealthScore,
  listHealthScores,
} from '../../../server/signals/health/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { CustomerHealth } from '../../features/record/health.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, RadioGroup, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { HealthBreakdown } from './health-breakdown.tsx'
import { RiskSignals } from './signals.tsx'

const components = ['engagementScore', 'successScore', 'satisfactionScore', 'financialScore'] as const
const stale = ['/api/v1/customer-success/customers', '/api/v1/customers']

interface TabProps {
  customer: Customer
}

/** The stored health scores: how they went, of what they consist, and the place to enter one. */
export function HealthTab({ customer }: TabProps) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('customers.write')
  const [entering, setEntering] = useState(false)
  const scores = useRoutePages(listHealthScores, {
    params: { id: customer.id },
    query: { limit: 100, source: 'stored' },
  })
  const columns = useMemo<Column<HealthScore>[]>(
    () => [
      {
        id: 'score',
        header: t('record.field.healthLevel'),
        width: 160,
        cell: row => (
          <CustomerHealth
            customer={{ healthScore: row.overallScore, healthLevel: row.level, healthTrend: row.trend }}
            aligned
          />
        ),
      },
      ...components.map(
        (id): Column<HealthScore> => ({
          id,
          header: t(`customer.component.${id}`),
          align: 'end',
          narrow: 'hide',
          cell: row => (row[id] === null ? <span className="text-t3">–</span> : format.number(row[id], 0)),
        }),
      ),
      {
        id: 'at',
        header: t('customer.scoredOn'),
        align: 'end',
        width: 144,
        cell: row => <span title={format.dateTime(row.scoredAt)}>{format.day(row.scoredAt)}</span>,
      },
    ],
    [t, format],
  )
  const enter = mayWrite && (
    <Button size="small" icon="plus" onClick={() => setEntering(true)}>
      {t('customer.enterScore')}
    </Button>
  )
  return (
    <>
      <HealthBreakdown customer={customer} />
      <RiskSignals customer={customer} full />
      {scores.rows && scores.rows.length > 1 && <History scores={scores.rows} />}
      <Section title={t('customer.scores')} end={enter} flush>
        <DataTable
          id="health-scores"
          fixed
          label={t('customer.scores')}
          columns={columns}
          rows={scores.rows}
          rowId={row => row.id}
          rowName={row => format.day(row.scoredAt)}
          more={scores.more}
          problem={scores.problem ? { text: wordsOf(scores.problem, t), retry: scores.retry } : undefined}
          detail={row => <Factors score={row} />}
          empty={<EmptyState title={t('customer.noScores')} text={t('customer.noScoresText')} />}
        />
      </Section>
      {entering && <ScoreDialog customer={customer} onClose={() => setEntering(false)} />}
    </>
  )
}

function Factors({ score }: { score: HealthScore }) {
  const t = useText()
  const format = useFormat()
  return (
    <div className="grid gap-3">
      {score.notes && <p className="u-text">{score.notes}</p>}
      {score.factors.length === 0 && !score.notes && <p className="text-t3">{t('customer.noFactors')}</p>}
      <ul className="u-list">
        {score.factors.map(factor => (
          <li key={factor.name}>
            {factor.name}
            {factor.points !== null && ` · ${t('customer.points', { points: format.number(factor.points) })}`}
            {factor.note && <span className="text-t3"> · {factor.note}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}

function History({ scores }: { scores: readonly HealthScore[] }) {
  const t = useText()
  const format = useFormat()
  const points = useMemo(() => [...scores].sort((a, b) => (a.scoredAt < b.scoredAt ? -1 : 1)), [scores])
  const first = points[0]?.overallScore ?? 0
  const last = points.at(-1)?.overallScore ?? 0
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: { left: 8, right: 40, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.number(value, 0) },
      xAxis: {
        type: 'time',
        splitNumber: 5,
        axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true },
      },
      yAxis: { type: 'value', min: 0, max: 100, interval: 20 },
      series: [
        {
          type: 'line',
          name: t('record.field.healthLevel'),
          symbol: 'circle',
          symbolSize: 5,
          data: points.map(point => [Date.parse(point.scoredAt), point.overallScore]),
          endLabel: { show: true, formatter: () => format.number(last, 0), fontWeight: 600, color: colours.text },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.mute, type: 'dashed' },
            data: [{ yAxis: 40 }, { yAxis: 60 }, { yAxis: 80 }],
          },
        },
      ],
    }),
    [t, format, points, last],
  )
  return (
    <div className="mb-6">
      <ChartFrame
        title={t('customer.healthTitle', { from: format.number(first, 0), to: format.number(last, 0) })}
        sub={t('customer.healthSub', {
          from: format.day(points[0]?.scoredAt ?? ''),
          to: format.day(points.at(-1)?.scoredAt ?? ''),
        })}
        option={option}
        table={{
          head: [t('customer.scoredOn'), t('record.field.healthLevel')],
          rows: points
            .toReversed()
            .map(point => [format.dateTime(point.scoredAt), format.number(point.overallScore, 0)]),
        }}
        definition={t('customer.healthDefinition')}
      />
    </div>
  )
}

function ScoreDialog({ customer, onClose }: TabProps & { onClose: () => void }) {
  const t = useText()
  const [way, setWay] = useState('calculate')
  const create = useCommand(createHealthScore, { quiet: true, stale })
  const calculate = useCommand(calculateHealthScore, { quiet: true, stale })
  const params = { id: customer.id }
  return (
    <Dialog open onClose={onClose} title={t('customer.enterScoreTitle')}>
      <Form
        submit={t('customer.enterScore')}
        onCancel={onClose}
        onSubmit={async values => {
          const parts = Object.fromEntries(
            components.map(name => [name, values.number(name)]).filter(([, value]) => value !== undefined),
          )
          const notes = values.text('notes') || null
          if (way === 'calculate') await calculate.run({ params, body: { ...parts, notes } })
          else await create.run({ params, body: { ...parts, overallScore: values.number('overallScore') ?? 0, notes } })
          toastDone(t('customer.scoreEntered'))
          onClose()
        }}
      >
        <RadioGroup
          label={t('customer.scoreWay')}
          name="way"
          value={way}
          onChange={setWay}
          options={[
            { value: 'calculate', label: t('customer.scoreCalculate'), hint: t('customer.scoreCalculateHint') },
            { value: 'enter', label: t('customer.scoreByHand') },
          ]}
        />
        {way === 'enter' && (
          <Field label={t('customer.overall')} name="overallScore" required>
            <TextInput type="number" min={0} max={100} step="any" />
          </Field>
        )}
        <div className="r-two">
          {components.map(name => (
            <Field key={name} label={t(`customer.component.${name}`)} name={name}>
              <TextInput type="number" min={0} max={100} step="any" />
            </Field>
          ))}
        </div>
        <Field label={t('customer.notes')} name="notes">
          <Textarea maxLength={5_000} />
        </Field>
      </Form>
    </Dialog>
  )
}
