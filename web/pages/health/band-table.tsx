import type { BandColour } from '../../features/scorecards/colours.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Section } from '../../kit/layout.tsx'
import { Behind } from './behind.tsx'
import type { Overview } from './overview.ts'

/** Customers by band, with the revenue that hangs on each. */
export function BandTable({ overview, mine }: { overview: Overview; mine: 'own' | 'team' | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return (
    <Section title={t('health.bands')} flush>
      <table className="k-table" aria-label={t('health.bands')}>
        <thead>
          <tr>
            <th scope="col">{t('health.band')}</th>
            <th scope="col" data-align="end">
              {t('health.customersHead')}
            </th>
            <th scope="col" data-align="end">
              {t('health.share')}
            </th>
            <th scope="col" data-align="end">
              {t('health.arr')}
            </th>
          </tr>
        </thead>
        <tbody>
          {overview.bands.map(band => (
            <tr key={`${band.band} ${band.colour} ${band.nameEn}`} data-row>
              <td>
                <Badge tone={band.colour as BandColour}>{nameOf(band, locale)}</Badge>
              </td>
              <td data-align="end">
                <Behind
                  mine={mine}
                  label={t('health.openBand', { name: nameOf(band, locale), count: band.customers })}
                  filter={[{ field: 'healthBand', op: 'in', value: [band.band] }]}
                >
                  {format.number(band.customers)}
                </Behind>
              </td>
              <td data-align="end">{format.percent(band.customers / Math.max(1, overview.scored))}</td>
              <td data-align="end">
                {(band.arr ?? []).length === 0
                  ? '–'
                  : (band.arr ?? []).map(({ currency, amount }) => format.shortMoney(amount, currency)).join(' + ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
