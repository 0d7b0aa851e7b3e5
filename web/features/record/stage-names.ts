import { useCallback } from 'react'
import { listStages } from '../../../server/signals/lifecycle/contract/stages.ts'
import { useRoute } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale } from '../../i18n/provider.tsx'

/** What the company calls a stage of the lifecycle, by its key; a word that is no stage of its is shown as it stands. */
export function useStageName(): (key: string) => string {
  const { locale } = useLocale()
  const { data } = useRoute(listStages)
  const stages = data?.items
  return useCallback(
    key => {
      const stage = stages?.find(each => each.key === key)
      return stage ? nameOf(stage, locale) : key
    },
    [stages, locale],
  )
}
