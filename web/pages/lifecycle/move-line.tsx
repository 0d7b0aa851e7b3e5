import type { LifecycleMove } from '../../../server/signals/lifecycle/contract/leads.ts'
import { useFilterFields } from '../../features/conditions/fields.ts'
import { sentenceOf } from '../../features/conditions/sentence.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'

/** From where a lead went where. */
export function MoveWay({ move }: { move: LifecycleMove }) {
  const t = useText()
  const { locale } = useLocale()
  const stage = (ja: string | null, en: string | null, said: string | null) =>
    (locale === 'ja' ? ja : en) ?? said ?? t('lifecycle.none')
  return (
    <span className="y-way">
      <span className="text-t3">{stage(move.fromNameJa, move.fromNameEn, move.from)}</span>
      <Icon name="right" size="small" />
      <strong>{stage(move.toNameJa, move.toNameEn, move.to)}</strong>
    </span>
  )
}

/** Who or what moved it. */
export function useMover(): (move: Pick<LifecycleMove, 'cause' | 'actorName'>) => string {
  const t = useText()
  return ({ cause, actorName }) => (cause === 'person' && actorName ? actorName : t(`lifecycle.by.${cause}`))
}

/** Why it was moved: the reason that somebody gave, or the condition that held with the score of that moment. */
export function useMoveReason(): (move: LifecycleMove) => string {
  const t = useText()
  const format = useFormat()
  const contacts = useFilterFields('contact')
  const customers = useFilterFields('customer')
  return ({ reason, condition, leadScore, passed, cause }) =>
    [
      ...(reason ? [reason] : []),
      ...(condition ? [sentenceOf(condition, { t, format, fields: [...contacts, ...customers] })] : []),
      ...(cause === 'rule' && leadScore !== null ? [t('lifecycle.withScore', { score: leadScore })] : []),
      ...(passed > 0 ? [t('lifecycle.passed', { count: passed })] : []),
    ].join(' · ')
}
