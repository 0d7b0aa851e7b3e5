import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Facts } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { BandTable } from './band-table.tsx'
import { GainsChart, PrecisionRecallChart, ReliabilityChart, RocChart } from './charts.tsx'
import { Comparison } from './comparison.tsx'
import { CostTool } from './cost-tool.tsx'
import { Importance } from './importance.tsx'
import { type Model, type Overview, ownMethod, type Report } from './model.ts'
import { Reasons } from './reasons.tsx'

interface ReportProps {
  model: Model
  report: Report
  /** With it the customers of today and what was seen since stand beside. */
  overview?: Overview
}

/** What a head of CS wants to know of a model: how good, how sure, since when, on what. */
export function ModelReport({ model, report, overview }: ReportProps) {
  const t = useText()
  const format = useFormat()
  const own = ownMethod(report)
  const percent = (value: number | null) => (value === null ? '–' : format.percent(value))
  const span = (low: number | null, high: number | null, digits: number, scale = 1) =>
    low === null || high === null ? '' : `${format.number(low * scale, digits)}–${format.number(high * scale, digits)}`
  const tested = report.outOfTime
  const day = (number: number) => format.day(new Date(number * 86_400_000).toISOString().slice(0, 10))
  return (
    <div className="ch-stack">
      <div>
        <h2 className="k-hidden">{t('churn.howGood')}</h2>
        <p className="ch-lead">
          {t('churn.lead', {
            horizon: model.horizonDays,
            recall: percent(own.recall),
            precision: percent(own.precision),
          })}
        </p>
        <p className="ch-proof">
          {tested
            ? t('churn.testedLater', {
                rows: tested.rows,
                from: day(tested.from),
                to: day(tested.to),
                left: tested.positives,
                share: format.percent(tested.positives / Math.max(1, tested.rows), 1),
              })
            : t('churn.testedFolds', {
                rows: report.rows,
                left: report.positives,
                share: format.percent(report.prevalence, 1),
                folds: report.folds,
              })}{' '}
          {own.balancedPrecision !== null &&
            own.precision !== null &&
            t('churn.balanced', { balanced: percent(own.balancedPrecision), precision: percent(own.precision) })}
        </p>
      </div>
      <Facts
        facts={[
          {
            label: t('churn.recall'),
            value: percent(own.recall),
            small: span(own.recallLow, own.recallHigh, 0, 100),
          },
          {
            label: t('churn.precision'),
            value: percent(own.precision),
            small: span(own.precisionLow, own.precisionHigh, 0, 100),
          },
          {
            label: 'AUC',
            value: own.auc === null ? '–' : format.number(own.auc, 2),
            small: span(own.aucLow, own.aucHigh, 2),
          },
          {
            label: t('churn.brier'),
            value: own.brier === null ? '–' : format.number(own.brier, 3),
            small: t('churn.smallerIsBetter'),
          },
          ...(overview && model.liveAt
            ? [
                {
                  label: t('churn.since', { version: model.version }),
                  value: format.day(model.liveAt),
                  small: format.relative(model.liveAt),
                },
              ]
            : []),
          ...(overview ? [driftFact(overview, t, format)] : []),
        ]}
      />
      {overview && overview.retrain.length > 0 && (
        <Note tone="orange">
          <p>
            {t('churn.due')} {format.list(overview.retrain.map(reason => t(`churn.dueBecause.${reason}`)))}
          </p>
        </Note>
      )}
      {model.refused.length > 0 && <Refused model={model} />}
      {overview && (
        <div className="ch-two">
          <BandTable overview={overview} />
          <Reasons />
        </div>
      )}
      <div className="ch-two">
        <ReliabilityChart report={report} />
        <GainsChart report={report} />
      </div>
      <CostTool model={model} report={report} overview={overview} />
      <div className="ch-two">
        <Importance model={model} report={report} />
        <Comparison report={report} />
      </div>
      <div className="ch-two">
        <RocChart report={report} />
        <PrecisionRecallChart report={report} />
      </div>
    </div>
  )
}

function driftFact(overview: Overview, t: ReturnType<typeof useText>, format: ReturnType<typeof useFormat>) {
  const { drift } = overview
  if (!drift) return { label: t('churn.drift'), value: '–', small: t('churn.driftNone') }
  const size = drift.stability >= 0.25 ? 'large' : drift.stability >= 0.1 ? 'some' : 'small'
  const judged =
    drift.judged > 0
      ? t('churn.cameTrue', { left: drift.left, expected: format.number(drift.expected, 0) })
      : `PSI ${format.number(drift.stability, 2)}`
  return { label: t('churn.drift'), value: t(`churn.drift.${size}`), small: judged }
}

function Refused({ model }: { model: Model }) {
  const { locale } = useLocale()
  const t = useText()
  const format = useFormat()
  const leaks = model.refused.filter(({ reason }) => reason === 'leak')
  if (leaks.length === 0) return null
  return (
    <Note tone="orange">
      <p>{t('churn.refusedLeaks', { names: format.list(leaks.map(({ words }) => words[locale])) })}</p>
    </Note>
  )
}
