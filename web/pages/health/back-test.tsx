import { useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { backtestScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { RadioGroup } from '../../kit/field.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'

/** Whether the score tells who leaves. */
export function BackTest({ id, definition }: { id: string; definition: ScorecardDefinition }) {
  const t = useText()
  const format = useFormat()
  const [mode, setMode] = useState<'history' | 'now'>('history')
  const [shown, setShown] = useState<RouteReply<typeof backtestScorecard>>()
  const test = useCommand(backtestScorecard, { stale: [] })
  return (
    <div className="grid gap-6">
      <RadioGroup
        label={t('health.backtest.mode')}
        name="mode"
        value={mode}
        onChange={next => setMode(next === 'now' ? 'now' : 'history')}
        options={(['history', 'now'] as const).map(value => ({
          value,
          label: t(`health.backtest.${value}`),
          hint: t(`health.backtest.${value}Hint`),
        }))}
      />
      <div>
        <Button
          kind="primary"
          pending={test.pending}
          onClick={() => void test.run({ params: { id }, body: { definition, mode } }).then(setShown)}
        >
          {t('health.backtest.run')}
        </Button>
      </div>
      {shown && (
        <>
          {!shown.enough && <Note tone="orange">{t('health.backtest.few', { churned: shown.churned })}</Note>}
          <Facts
            facts={[
              {
                label: t('health.backtest.auc'),
                value: shown.auc === null ? '–' : format.number(shown.auc, 3),
                small: shown.aucInterval
                  ? `${format.number(shown.aucInterval[0], 3)}–${format.number(shown.aucInterval[1], 3)}`
                  : undefined,
              },
              { label: t('health.backtest.observations'), value: format.number(shown.observations) },
              {
                label: t('health.backtest.churned'),
                value: format.number(shown.churned),
                small: format.percent(shown.churned / Math.max(1, shown.observations), 1),
              },
            ]}
          />
          <p className="text-t3">{t('health.backtest.aucText')}</p>
          <Bands result={shown} definition={definition} />
          <Deciles result={shown} />
        </>
      )}
    </div>
  )
}

type Result = RouteReply<typeof backtestScorecard>

function Bands({ result, definition }: { result: Result; definition: ScorecardDefinition }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const rows = definition.bands.flatMap(band => {
    const row = result.bands.find(each => each.band === band.key)
    return row ? [{ ...row, name: locale === 'ja' ? band.nameJa : band.nameEn }] : []
  })
  return (
    <Section title={t('health.backtest.byBand')} flush>
      <table className="k-table" aria-label={t('health.backtest.byBand')}>
        <thead>
          <tr>
            <th scope="col">{t('health.band')}</th>
            {(['observations', 'churned', 'rate', 'interval'] as const).map(part => (
              <th key={part} scope="col" data-align="end">
                {t(`health.backtest.${part}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ band, name, customers, churned, rate, interval }) => (
            <tr key={band} data-row>
              <td>{name}</td>
              <td data-align="end">{format.number(customers)}</td>
              <td data-align="end">{format.number(churned)}</td>
              <td data-align="end">{format.percent(rate, 1)}</td>
              <td data-align="end">
                {format.percent(interval[0], 1)}–{format.percent(interval[1], 1)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Deciles({ result }: { result: Result }) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={t('health.backtest.byDecile')} flush>
      <table className="k-table" aria-label={t('health.backtest.byDecile')}>
        <thead>
          <tr>
            <th scope="col">{t('health.backtest.decile')}</th>
            {(['observations', 'churned', 'rate', 'lift'] as const).map(part => (
              <th key={part} scope="col" data-align="end">
                {t(`health.backtest.${part}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.deciles.map(({ decile, customers, churned, rate, lift }) => (
            <tr key={decile} data-row>
              <td>{t('health.backtest.decileOf', { decile })}</td>
              <td data-align="end">{format.number(customers)}</td>
              <td data-align="end">{format.number(churned)}</td>
              <td data-align="end">{format.percent(rate, 1)}</td>
              <td data-align="end">
                {lift === null ? '–' : t('health.backtest.times', { lift: format.number(lift, 1) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
