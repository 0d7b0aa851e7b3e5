import { useState } from 'react'
import { backtestScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { RadioGroup } from '../../kit/field.tsx'
import { Facts } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { LiftChart, RocChart } from './backtest-charts.tsx'
import { BandRates } from './band-rates.tsx'
import type { Backtest, Scorecard } from './scorecard.ts'

const modes = ['history', 'now'] as const

/** Does the score tell who leaves? AUC with its interval, curve, lift by tenths, churn rate by band. */
export function BacktestTab({ card, definition }: { card: Scorecard; definition: ScorecardDefinition }) {
  const t = useText()
  const [mode, setMode] = useState<(typeof modes)[number]>('history')
  const [result, setResult] = useState<Backtest>()
  const test = useCommand(backtestScorecard, { stale: [] })
  const run = async () => setResult(await test.run({ params: { id: card.id }, body: { definition, mode } }))
  return (
    <div className="s-lines">
      <RadioGroup
        label={t('scorecards.backtest.mode')}
        name="mode"
        value={mode}
        onChange={next => setMode(modes.find(each => each === next) ?? 'history')}
        options={modes.map(value => ({
          value,
          label: t(`scorecards.backtest.${value}`),
          hint: t(`scorecards.backtest.${value}Hint`),
        }))}
      />
      <span>
        <Button kind="primary" pending={test.pending} onClick={() => void run().catch(() => {})}>
          {t('scorecards.backtest.run')}
        </Button>
      </span>
      {result && <Result result={result} definition={definition} />}
    </div>
  )
}

function Result({ result, definition }: { result: Backtest; definition: ScorecardDefinition }) {
  const t = useText()
  const format = useFormat()
  const { auc, aucInterval } = result
  if (result.observations === 0) return <Note tone="orange">{t(`scorecards.backtest.nothing.${result.mode}`)}</Note>
  return (
    <>
      {!result.enough && <Note tone="orange">{t('scorecards.backtest.few', { churned: result.churned })}</Note>}
      <Facts
        facts={[
          {
            label: t('scorecards.backtest.auc'),
            value: auc === null ? '–' : format.number(auc, 3),
            small:
              aucInterval === null
                ? undefined
                : t('scorecards.backtest.interval', {
                    from: format.number(aucInterval[0], 3),
                    to: format.number(aucInterval[1], 3),
                  }),
          },
          {
            label: t('scorecards.backtest.observations'),
            value: format.number(result.observations),
            small: t('scorecards.backtest.days', { count: result.days.length }),
          },
          {
            label: t('scorecards.backtest.churned'),
            value: format.number(result.churned),
            small: format.percent(result.prevalence, 1),
          },
        ]}
      />
      <p className="text-t3">{t('scorecards.backtest.aucText')}</p>
      {auc !== null && (
        <div className="s-two">
          <RocChart result={result} />
          <LiftChart result={result} />
        </div>
      )}
      <BandRates result={result} definition={definition} />
    </>
  )
}
