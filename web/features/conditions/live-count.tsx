import { useMemo } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { previewCondition } from '../../../server/customers/conditions/contract.ts'
import { useAnswer } from '../../api/answer.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { useFilterFields } from './fields.ts'
import { sentenceOf } from './sentence.ts'
import { isComplete } from './tree.ts'

interface LiveCountProps {
  record: 'customer' | 'contact'
  condition: Condition
}

/** A condition in words, with how many meet it now and ten of them; follows each change. */
export function LiveCount({ record, condition }: LiveCountProps) {
  const t = useText()
  const format = useFormat()
  const complete = isComplete(condition)
  const { shown, fault } = useAnswer(previewCondition, complete ? { body: { record, condition } } : null)
  return (
    <div className="grid gap-4">
      <Sentence record={record} condition={condition} />
      <div className="q-count" aria-live="polite">
        {fault ? (
          <span className="text-red">{fault}</span>
        ) : shown && complete ? (
          <>
            <strong>{format.number(shown.count)}</strong>
            <span className="text-t3">{t(`conditions.of.${record}`, { total: shown.total })}</span>
          </>
        ) : (
          <span className="text-t3">{t(complete ? 'conditions.counting' : 'conditions.incomplete')}</span>
        )}
      </div>
      {shown && complete && !fault && shown.samples.length > 0 && (
        <ul className="q-samples" aria-label={t('conditions.samples')}>
          {shown.samples.map(({ id, name }) => (
            <li key={id}>{name}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** A condition as a sentence. */
export function Sentence({ record, condition }: LiveCountProps) {
  const t = useText()
  const format = useFormat()
  const customers = useFilterFields('customer')
  const contacts = useFilterFields('contact')
  const sentence = useMemo(() => {
    const fields = record === 'customer' ? [...customers, ...contacts] : [...contacts, ...customers]
    return sentenceOf(condition, { t, format, fields })
  }, [record, condition, customers, contacts, t, format])
  return <p className="q-sentence">{t(`conditions.sentence.${record}`, { sentence })}</p>
}
