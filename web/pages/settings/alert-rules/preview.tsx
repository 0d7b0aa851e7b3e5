import { type AlertTrigger, previewAlertRule } from '../../../../server/engage/alerts/contract/rules.ts'
import { useAnswer } from '../../../api/answer.ts'
import { isComplete } from '../../../features/conditions/tree.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Section } from '../../../kit/layout.tsx'

/** For whom a trigger holds now, and what the alerts would say; follows each change. */
export function Preview({ trigger }: { trigger: AlertTrigger }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const whole =
    trigger.kind === 'condition'
      ? isComplete(trigger.condition)
      : trigger.kind === 'score_band'
        ? trigger.band !== ''
        : trigger.kind !== 'event'
  const { shown, fault } = useAnswer(previewAlertRule, whole ? { body: { trigger } } : null)
  return (
    <Section title={t('rules.preview')}>
      <div aria-live="polite" className="grid grid-cols-1 gap-4">
        {trigger.kind === 'event' ? (
          <p className="text-t2">{t('rules.previewEvent')}</p>
        ) : !whole ? (
          <p className="text-t3">{t('conditions.incomplete')}</p>
        ) : fault ? (
          <p className="text-red">{fault}</p>
        ) : shown === undefined ? (
          <p className="text-t3">{t('rules.counting')}</p>
        ) : trigger.kind === 'kpi' ? (
          <p className="text-t2">
            {shown.value === null
              ? t('rules.previewNoKpi')
              : t('rules.previewKpi', { value: format.number(shown.value, 1) })}
          </p>
        ) : (
          <>
            <p>
              <strong className="l-count">{t('rules.previewCount', { count: shown.count })}</strong>{' '}
              <span className="text-t3">{t('rules.previewText')}</span>
            </p>
            <ul className="l-samples">
              {shown.samples.map(({ id, name, facts }) => (
                <li key={id}>
                  <span>{name}</span>
                  <small>{facts[0]?.[locale]}</small>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Section>
  )
}
