import { useEffect, useState } from 'react'
import type { Condition } from '../../../../server/catalog/conditions/contract.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { previewStage } from '../../../../server/signals/lifecycle/contract/stages.ts'
import { useCommand, wordsOf } from '../../../api/hooks.ts'
import { isComplete } from '../../../features/conditions/tree.ts'
import { useText } from '../../../i18n/provider.tsx'
import { useDebounced } from '../../../kit/debounced.ts'
import { Section } from '../../../kit/layout.tsx'
import type { Stage } from '../../lifecycle/stages.ts'

interface PreviewProps {
  stageId: string | undefined
  kind: Stage['kind']
  condition: Condition | null
}

/** Who would be moved now; follows each change of the rule. */
export function Preview({ stageId, kind, condition }: PreviewProps) {
  const t = useText()
  const [shown, setShown] = useState<RouteReply<typeof previewStage>>()
  const [fault, setFault] = useState<string>()
  const { run } = useCommand(previewStage, { quiet: true, stale: [] })
  const whole = condition !== null && isComplete(condition)
  const text = useDebounced(JSON.stringify({ stageId, kind, condition }))
  useEffect(() => {
    if (!whole) return
    const body = JSON.parse(text)
    if (body.condition === null) return
    let current = true
    run({ body }).then(
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
  }, [run, text, whole, t])
  return (
    <Section title={t('lifecycle.form.preview')}>
      <div aria-live="polite" className="grid grid-cols-1 gap-4">
        {condition === null ? (
          <p className="text-t2">{t('lifecycle.form.previewByHand')}</p>
        ) : !whole ? (
          <p className="text-t3">{t('conditions.incomplete')}</p>
        ) : fault ? (
          <p className="text-red">{fault}</p>
        ) : shown === undefined ? (
          <p className="text-t3">{t('lifecycle.form.counting')}</p>
        ) : (
          <>
            <p>
              <strong className="l-count">{t('lifecycle.form.previewMoving', { count: shown.moving })}</strong>
              <br />
              <span className="text-t3">{t('lifecycle.form.previewMeeting', { count: shown.meeting })}</span>
            </p>
            <ul className="l-samples">
              {shown.samples.map(({ id, name, from }) => (
                <li key={id}>
                  <span>{name}</span>
                  <small>{t('lifecycle.form.previewFrom', { stage: from ?? t('lifecycle.unstaged') })}</small>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Section>
  )
}
