import type { AlertTrigger } from '../../../../server/engage/alerts/contract/rules.ts'
import { type Speech, sentenceOf } from '../../../features/conditions/sentence.ts'

/** When a rule opens an alert, in a few words. */
export function triggerWords(trigger: AlertTrigger, speech: Speech): string {
  const { t } = speech
  switch (trigger.kind) {
    case 'score_below':
      return t('rules.says.score_below', { below: String(trigger.below) })
    case 'score_fell':
      return t(trigger.over ? 'rules.says.score_over' : 'rules.says.score_fell', {
        points: String(trigger.points),
        days: String(trigger.days),
      })
    case 'score_band':
      return t('rules.says.score_band', { band: trigger.band })
    case 'kpi':
      return t('rules.says.kpi', {
        kpi: t(`rules.kpi.${trigger.kpi}`),
        op: t(`rules.op.${trigger.op}`),
        value: String(trigger.value),
      })
    case 'event':
      return t(`rules.event.${trigger.type}`)
    default:
      return sentenceOf(trigger.condition, speech)
  }
}
