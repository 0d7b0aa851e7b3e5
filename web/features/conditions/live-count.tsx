import { useEffect, useMemo, useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { previewCondition } from '../../../server/customers/conditions/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { useDebounced } from '../../kit/debounced.ts'
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
  const [shown, setShown] = useState<RouteReply<typeof previewCondition>>()
  const [fault, setFault] = useState<string>()
  const { run } = useCommand(previewCondition, { quiet: true, stale: [] })
  const text = useDebounced(JSON.stringify(condition))
  const complete = isComplete(condition)
  useEffect(() => {
    if (!complete) return
    let current = true
    run({ body: { record, condition: JSON.parse(text) } }).then(
      reply => {
        if (!current) return
        setShown(reply)
        setFault(undefined)
      },
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [run, record, text, complete, t])
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
