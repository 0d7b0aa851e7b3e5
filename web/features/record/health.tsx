import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { Health, type HealthBand, type HealthTrend } from '../../kit/health.tsx'

type Level = NonNullable<Customer['healthLevel']>

/** Level of the record to the band it is shown as. */
const levelBands = { EXCELLENT: 'green', GOOD: 'yellow', FAIR: 'orange', POOR: 'red' } as const satisfies Record<
  Level,
  HealthBand
>

const trends: Partial<Record<Customer['healthTrend'], HealthTrend>> = {
  IMPROVING: 'up',
  STABLE: 'flat',
  DECLINING: 'down',
}

interface CustomerHealthProps {
  customer: Pick<Customer, 'healthScore' | 'healthLevel' | 'healthTrend'>
  aligned?: boolean
}

/** The stored health of a customer: number, word, colour and arrow; "not yet" where there is none. */
export function CustomerHealth({ customer, aligned }: CustomerHealthProps) {
  const { healthScore, healthLevel, healthTrend } = customer
  return (
    <Health
      score={healthScore}
      band={healthLevel ? levelBands[healthLevel] : 'none'}
      trend={trends[healthTrend]}
      aligned={aligned}
    />
  )
}
