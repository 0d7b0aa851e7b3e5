import { useMemo } from 'react'
import { getTierModel } from '../../../server/customers/accounts/contract/tiers.ts'
import { useRoute } from '../../api/hooks.ts'
import { useLocale } from '../../i18n/provider.tsx'

export interface TierName {
  key: string
  name: string
}

/** The company's tiers, highest first, named in the language of the page. */
export function useTiers(): readonly TierName[] {
  const { locale } = useLocale()
  const { data } = useRoute(getTierModel)
  return useMemo(
    () => (data?.model.tiers ?? []).map(tier => ({ key: tier.key, name: tier[locale] })).toReversed(),
    [data, locale],
  )
}
