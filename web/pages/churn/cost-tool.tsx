import { useCallback, useMemo, useState } from 'react'
import { churnOverview } from '../../../server/signals/churn/contract/models.ts'
import { getChurnSettings, putChurnSettings } from '../../../server/signals/churn/contract/settings.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'
import type { ChartColours } from '../../kit/chart-theme.ts'
import { Field, TextInput } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Confusion } from './confusion.tsx'
import { cheapest, costOf, outcomes } from './curves.ts'
import { type Model, type Overview, ownMethod, type Report } from './model.ts'

interface CostToolProps {
  model: Model
  report: Report
  overview?: Overview | undefined
}

/** From which score on to warn: what each threshold would have cost, by the price of a call and the worth of a customer. */
export function CostTool({ model, report, overview }: CostToolProps) {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('churn.manage')
  const { data: settings } = useRoute(getChurnSettings)
  // What a customer is worth is told by those of today, also beside a version that does not serve.
  const { data: today } = useRoute(churnOverview)
  const inUse = overview?.threshold ?? report.threshold
  const [chosen, setChosen] = useState<number>()
  const [typed, setTyped] = useState<{ intervention?: number; saved?: number; success?: number }>({})
  const save = useCommand(putChurnSettings, {
    stale: ['/api/v1/churn'],
    onDone: () => toastDone(t('churn.thresholdSaved')),
  })
  const currency = today?.currency ?? 'JPY'
  const base = settings?.prices ?? model.settings.prices
  const prices = useMemo(
    () => ({
      intervention: typed.intervention ?? base.intervention,
      saved: typed.saved ?? base.saved ?? today?.medianArr ?? 0,
      successRate: (typed.success ?? base.successRate * 100) / 100,
    }),
    [typed, base, today],
  )
  const all = useMemo(() => outcomes(ownMethod(report).byScore), [report])
  const threshold = chosen ?? inUse
  const best = cheapest(all, prices)
  const least = costOf(best, prices)
  const option = useCallback(
    (colours: ChartColours) => ({
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.shortMoney(value, currency) },
      grid: { left: 8, right: 24, top: 24, bottom: 24, containLabel: true },
      xAxis: {
        type: 'value',
        min: 0,
        max: 100,
        name: t('churn.thresholdAxis'),
        nameLocation: 'middle',
        nameGap: 26,
      },
      yAxis: {
        type: 'value',
        scale: true,
        axisLabel: { formatter: (value: number) => format.shortMoney(value, currency) },
      },
      series: [
        {
          type: 'line',
          name: t('churn.cost'),
          data: all.map(each => [each.threshold, costOf(each, prices)]),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: colours.text, type: 'solid' },
            label: { formatter: t('churn.atThreshold', { threshold }), color: colours.text },
            data: [{ xAxis: threshold }],
          },
        },
      ],
    }),
    [t, format, all, prices, currency, threshold],
  )
  const outcome = all[threshold]!
  const more = costOf(outcome, prices) - least
  const store = () => {
    if (!settings) return
    const { intervention, saved, successRate } = prices
    const next = {
      ...settings,
      threshold,
      prices: { intervention, saved: typed.saved === undefined ? base.saved : saved, successRate },
    }
    void save.run({ body: next }).catch(() => {})
  }
  const changed = threshold !== inUse || Object.keys(typed).length > 0
  return (
    <div className="ch-two">
      <ChartFrame
        title={
          prices.saved === 0
            ? t('churn.costUnknown')
            : t(more <= Math.abs(least) * 0.01 ? 'churn.costNear' : 'churn.costAway', {
                threshold,
                best: best.threshold,
                more: format.shortMoney(more, currency),
              })
        }
        sub={t('churn.costSub')}
        height={260}
        option={option}
        definition={<p>{t('churn.costFormula')}</p>}
        table={{
          head: [t('churn.threshold'), t('churn.cost')],
          rows: all
            .filter(each => each.threshold % 5 === 0)
            .map(each => [String(each.threshold), format.money(Math.round(costOf(each, prices)), currency)]),
        }}
      />
      <Section title={t('churn.assumptions')} note={t('churn.assumptionsNote', { threshold })}>
        <div className="ch-stack">
          <div className="ch-threshold">
            <label htmlFor="churn-threshold">{t('churn.threshold')}</label>
            <input
              id="churn-threshold"
              type="range"
              min={1}
              max={99}
              value={threshold}
              onChange={event => setChosen(Number(event.currentTarget.value))}
            />
            <output htmlFor="churn-threshold">
              <strong>{threshold}</strong>
            </output>
            <Button size="small" kind="quiet" onClick={() => setChosen(Math.min(99, Math.max(1, best.threshold)))}>
              {t('churn.toCheapest')}
            </Button>
          </div>
          <div className="ch-three">
            <Field label={t('churn.priceIntervention', { currency })}>
              <TextInput
                type="number"
                min={0}
                value={prices.intervention}
                onChange={event => setTyped({ ...typed, intervention: Number(event.currentTarget.value) })}
              />
            </Field>
            <Field
              label={t('churn.priceSaved', { currency })}
              hint={base.saved === null && typed.saved === undefined ? t('churn.medianArr') : undefined}
            >
              <TextInput
                type="number"
                min={0}
                value={Math.round(prices.saved)}
                onChange={event => setTyped({ ...typed, saved: Number(event.currentTarget.value) })}
              />
            </Field>
            <Field label={t('churn.priceSuccess')}>
              <TextInput
                type="number"
                min={0}
                max={100}
                value={Math.round(prices.successRate * 1_000) / 10}
                onChange={event => setTyped({ ...typed, success: Number(event.currentTarget.value) })}
              />
            </Field>
          </div>
          <Confusion outcome={outcome} />
          {mayManage && overview && (
            <Button size="small" kind="primary" disabled={!changed || !settings} pending={save.pending} onClick={store}>
              {t('churn.saveThreshold', { threshold })}
            </Button>
          )}
        </div>
      </Section>
    </div>
  )
}
