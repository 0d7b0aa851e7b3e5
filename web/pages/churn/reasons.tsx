import { churnReasons } from '../../../server/signals/churn/contract/models.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

/** Why customers left, as it was recorded: the ten most frequent reasons of twelve months. */
export function Reasons() {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(churnReasons, { query: { months: 12 } })
  const most = Math.max(1, ...(data?.items.map(({ customers }) => customers) ?? []))
  return (
    <Section
      title={t('churn.reasons')}
      note={data && t('churn.reasonsNote', { withReason: data.withReason, left: data.left })}
      flush
    >
      {!data && <SkeletonRows rows={4} />}
      {data && data.items.length === 0 && <p className="ch-proof">{t('churn.noReasons')}</p>}
      {data && data.items.length > 0 && (
        <table className="k-table" aria-label={t('churn.reasons')}>
          <tbody>
            {data.items.map(({ reason, customers }) => (
              <tr key={reason} data-row>
                <th scope="row">{reason}</th>
                <td data-align="end">{t('churn.count', { count: customers })}</td>
                <td data-align="end" data-narrow="hide" className="text-t3">
                  {format.percent(customers / Math.max(1, data.withReason))}
                </td>
                <td data-narrow="hide">
                  <svg className="ch-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={(customers / most) * 100} height={6} />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
