import type { RuleWhen } from '../../../../server/signals/scoring/contract/rules.ts'
import { type Speech, sentenceOf } from '../../../features/conditions/sentence.ts'

/** What gives the points of a rule, as a person would say it. */
export function whenWords(when: RuleWhen, speech: Speech): string {
  if (when.kind === 'attribute') return sentenceOf(when.condition, speech)
  const { t } = speech
  const event = when.event === '*' ? t('leads.anyUse') : when.event
  const words = t('leads.behaviour', { event, days: when.days, count: t(`leads.count.${when.count}`), most: when.most })
  return when.halfLifeDays === null ? words : `${words} · ${t('leads.fades', { days: when.halfLifeDays })}`
}
