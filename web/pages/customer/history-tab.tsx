import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listHistory } from '../../../server/customers/accounts/contract/tiers.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

const fields = ['owner', 'tier', 'status', 'parent'] as const
const causes = ['person', 'rule', 'api', 'import', 'ingest', 'webhook', 'demo', 'merge', 'member_left'] as const
const statuses = ['ACTIVE', 'ONBOARDING', 'AT_RISK', 'CHURNED', 'PAUSED'] as const

/** Who looked after the customer, and its tier, status and parent, from when to when. */
export function HistoryTab({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const tiers = useTiers()
  const { data, error } = useRoute(listHistory, { params: { id: customer.id }, query: {} })
  if (error) return <EmptyState title={t('customer.historyFailed')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={5} />
  if (data.items.length === 0) return <EmptyState title={t('customer.noHistory')} text={t('customer.noHistoryText')} />
  const valueWords = (field: string, value: string | null) => {
    if (value === null) return t('record.nothing')
    const status = statuses.find(each => each === value)
    if (field === 'status' && status) return t(`record.status.${status}`)
    return tiers.find(tier => field === 'tier' && tier.key === value)?.name ?? value
  }
  return (
    <table className="k-table" aria-label={t('customer.tab.history')}>
      <thead>
        <tr>
          <th scope="col">{t('customer.historyField')}</th>
          <th scope="col">{t('customer.historyChange')}</th>
          <th scope="col" data-narrow="hide">
            {t('customer.historyCause')}
          </th>
          <th scope="col" data-align="end">
            {t('customer.historyAt')}
          </th>
        </tr>
      </thead>
      <tbody>
        {data.items.map(entry => {
          const field = fields.find(each => each === entry.field)
          const cause = causes.find(each => each === entry.cause)
          return (
            <tr key={entry.id} data-row>
              <td>{field ? t(`customer.historyField.${field}`) : entry.field}</td>
              <td>
                {t('record.fromTo', {
                  from: valueWords(entry.field, entry.from),
                  to: valueWords(entry.field, entry.to),
                })}
                {entry.note && <span className="text-t3"> · {entry.note}</span>}
              </td>
              <td data-narrow="hide">
                {cause === 'person' && entry.actorName
                  ? entry.actorName
                  : cause
                    ? t(`customer.cause.${cause}`)
                    : entry.cause}
              </td>
              <td data-align="end">{format.dateTime(entry.at)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
