import { useMemo } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { sentenceOf } from '../../features/conditions/sentence.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'

/** A condition on customers in grey, after what it is for. */
export function ConditionWords({ label, condition }: { label?: string; condition: Condition }) {
  const t = useText()
  const format = useFormat()
  const customers = useFilterFields('customer')
  const contacts = useFilterFields('contact')
  const words = useMemo(
    () => sentenceOf(condition, { t, format, fields: [...customers, ...contacts] }),
    [condition, customers, contacts, t, format],
  )
  return <p className="ob-words">{label ? t('onboarding.edit.labelled', { label, words }) : words}</p>
}
