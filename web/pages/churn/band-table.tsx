import { Link } from '@tanstack/react-router'
import { BandBadge, useChurnBands } from '../../features/churn/band.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { isJudging, type Overview } from './model.ts'

/** Customers of today by band, with the revenue that hangs on each; each figure opens its customers. */
export function BandTable({ overview }: { overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const bands = useChurnBands()
  const { held } = overview
  const wasJudged = overview.bands.some(({ before7 }) => before7 > 0)
  const judgedByRules = held.no_model + held.young + held.no_usage
  return (
    <Section
      title={t('churn.today')}
      note={
        isJudging(overview)
          ? t('churn.judging')
          : overview.predictedAt
            ? t('churn.asOf', { when: format.relative(overview.predictedAt) })
            : undefined
      }
      flush
    >
      <table className="k-table" aria-label={t('churn.today')}>
        <thead>
          <tr>
            <th scope="col">{t('churn.band')}</th>
            <th scope="col" data-align="end">
              {t('churn.customers')}
            </th>
            <th scope="col" data-align="end">
              {t('churn.weekAgo')}
            </th>
            <th scope="col" data-align="end">
              {t('churn.arr')}
            </th>
          </tr>
        </thead>
        <tbody>
          {overview.bands.map(({ key, customers, arr, before7 }) => (
            <tr key={key} data-row>
              <td>
                <BandBadge band={bands.find(band => band.key === key)} />
              </td>
              <td data-align="end">
                <Link to="/churn/customers" search={{ band: key }} className="k-link">
                  {format.number(customers)}
                </Link>
              </td>
              <td data-align="end" className="text-t3">
                {wasJudged ? format.number(before7) : '–'}
              </td>
              <td data-align="end">{format.shortMoney(arr, overview.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {judgedByRules > 0 && (
        <p className="ch-proof">
          {t(overview.live ? 'churn.held' : 'churn.allByRules', {
            count: judgedByRules,
            young: held.young,
            noUsage: held.no_usage,
          })}{' '}
          <Link to="/churn/customers" search={{ basis: 'rules' }} className="k-link">
            {t('churn.seeThem')}
          </Link>
        </p>
      )}
    </Section>
  )
}
