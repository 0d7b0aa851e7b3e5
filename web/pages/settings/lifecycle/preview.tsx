import type { Condition } from '../../../../server/catalog/conditions/contract.ts'
import { previewStage } from '../../../../server/signals/lifecycle/contract/stages.ts'
import { useAnswer } from '../../../api/answer.ts'
import { isComplete } from '../../../features/conditions/tree.ts'
import { useText } from '../../../i18n/provider.tsx'
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
  const whole = condition !== null && isComplete(condition)
  const { shown, fault } = useAnswer(previewStage, whole ? { body: { stageId, kind, condition } } : null)
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
