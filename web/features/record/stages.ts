import { useCallback } from 'react'
import { listStages } from '../../../server/signals/lifecycle/contract/stages.ts'
import { useRoute } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale } from '../../i18n/provider.tsx'

/** What a lifecycle stage is called in the language of the page; a word that is no stage's key stays as it is. */
export function useStageName(): (key: string) => string {
  const { locale } = useLocale()
  const { data } = useRoute(listStages)
  return useCallback(
    (key: string) => {
      const stage = data?.items.find(each => each.key === key)
      return stage ? nameOf(stage, locale) : key
    },
    [data, locale],
  )
}
