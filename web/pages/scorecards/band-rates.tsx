import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Backtest } from './scorecard.ts'

/** How many of each band left, with the interval in which the rate lies. */
export function BandRates({ result, definition }: { result: Backtest; definition: ScorecardDefinition }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const bands = [...definition.bands]
    .sort((one, other) => other.from - one.from)
    .flatMap(band => {
      const rate = result.bands.find(each => each.band === band.key)
      return rate ? [{ band, rate }] : []
    })
  return (
    <Section title={t('scorecards.backtest.byBand')} flush>
      <div className="s-scroll">
        <table className="k-table" aria-label={t('scorecards.backtest.byBand')}>
          <thead>
            <tr>
              <th scope="col">{t('health.band')}</th>
              <th scope="col" data-align="end">
                {t('health.customersHead')}
              </th>
              <th scope="col" data-align="end">
                {t('scorecards.backtest.churned')}
              </th>
              <th scope="col" data-align="end">
                {t('scorecards.backtest.rate')}
              </th>
              <th scope="col" data-align="end">
                {t('scorecards.backtest.rateInterval')}
              </th>
            </tr>
          </thead>
          <tbody>
            {bands.map(({ band, rate }) => (
              <tr key={band.key} data-row>
                <td>
                  <Badge tone={band.colour}>{nameOf(band, locale)}</Badge>
                </td>
                <td data-align="end">{format.number(rate.customers)}</td>
                <td data-align="end">{format.number(rate.churned)}</td>
                <td data-align="end">{format.percent(rate.rate, 1)}</td>
                <td data-align="end">
                  {format.percent(rate.interval[0], 1)} – {format.percent(rate.interval[1], 1)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
