import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type { getCustomerChurn } from '../../../server/signals/churn/contract/predictions.ts'
import { useFormat, useLocale } from '../../i18n/provider.tsx'

type Factor = RouteReply<typeof getCustomerChurn>['factors'][number]

/** What raises or lowers a chance: a sentence each, with the percentage points that it adds. */
export function FactorList({ factors, label }: { factors: readonly Factor[]; label: string }) {
  const format = useFormat()
  const { locale } = useLocale()
  const largest = Math.max(...factors.map(({ part }) => Math.abs(part)), 0.001)
  return (
    <ul className="ch-factors" aria-label={label}>
      {factors.map(factor => (
        <li key={factor.feature}>
          <span>{factor.words[locale]}</span>
          <span className="ch-part" data-raises={factor.part > 0 || undefined}>
            {format.change(factor.part, 1)}
          </span>
          <svg
            viewBox="0 0 100 6"
            preserveAspectRatio="none"
            aria-hidden="true"
            data-raises={factor.part > 0 || undefined}
          >
            <rect width={(Math.abs(factor.part) / largest) * 100} height={6} />
          </svg>
        </li>
      ))}
    </ul>
  )
}
