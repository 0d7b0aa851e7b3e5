import { useMemo } from 'react'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import type { FlowSpeech } from './words.ts'

/** What is needed to put a flow into words. */
export function useSpeech(subject: 'customer' | 'contact'): FlowSpeech {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const own = useFilterFields(subject)
  const customers = useFilterFields('customer')
  return useMemo(
    () => ({ t, format, locale, fields: subject === 'contact' ? [...own, ...customers] : own }),
    [t, format, locale, own, customers, subject],
  )
}
