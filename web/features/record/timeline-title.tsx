import { customerStatuses } from '../../../server/customers/accounts/contract/customers.ts'
import type { TimelineEntry } from '../../../server/customers/timeline/contract.ts'
import type { Format } from '../../i18n/format.ts'
import type { Locale } from '../../i18n/locale.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import type { Text } from '../../i18n/text.ts'
import type { IconName } from '../../kit/icon.tsx'
import { type TierName, useTiers } from './tiers.ts'

/** Kinds that have words of their own; others show as they came. */
const icons = {
  'communication.note': 'note',
  'communication.call': 'phone',
  'communication.meeting': 'calendar',
  'communication.email': 'mail',
  'communication.slack': 'chat',
  'message.opened': 'mail',
  'message.clicked': 'mail',
  'message.bounced': 'warning',
  'message.complained': 'warning',
  'message.unsubscribed': 'mail',
  'ticket.opened': 'alert',
  'ticket.resolved': 'check',
  'invoice.issued': 'report',
  'invoice.paid': 'check',
  'payment.failed': 'warning',
  'payment.succeeded': 'check',
  'payment.refunded': 'undo',
  'survey.nps': 'survey',
  'survey.csat': 'survey',
  'survey.ces': 'survey',
  'revenue.new': 'up',
  'revenue.expansion': 'up-right',
  'revenue.contraction': 'down-right',
  'revenue.churn': 'down',
  'revenue.reactivation': 'refresh',
  'history.owner': 'user',
  'history.tier': 'rows',
  'history.status': 'refresh',
  'history.parent': 'branch',
  'contact.left': 'exit',
  'usage.feature_first_used': 'star',
  'health.scored': 'metrics',
  'success_plan.created': 'plan',
  'success_plan.changed': 'plan',
  'milestone.created': 'plan',
  'milestone.changed': 'plan',
  'milestone.completed': 'check',
  'business_review.created': 'calendar',
  'business_review.changed': 'calendar',
  'advocacy_activity.created': 'star',
  'advocacy_activity.changed': 'star',
  'task.done': 'check',
  'onboarding.started': 'plan',
  'onboarding.phase_entered': 'plan',
  'onboarding.behind': 'warning',
  'onboarding.stuck': 'warning',
  'onboarding.on_track': 'plan',
  'onboarding.warning': 'warning',
  'onboarding.completed': 'check',
  'onboarding.certificate_issued': 'star',
  'churn.level_changed': 'bolt',
  'health.band_changed': 'metrics',
  'customer.created': 'plus',
  'customer.merged': 'branch',
} as const satisfies Record<string, IconName>
type KnownKind = keyof typeof icons

function known(kind: string): KnownKind | undefined {
  return Object.hasOwn(icons, kind) ? (kind as KnownKind) : undefined
}

/** What kind of thing happened, in a word. */
export function kindWords(kind: string, t: Text): string {
  const name = known(kind)
  if (name) return t(`record.kind.${name}`)
  return kind.startsWith('usage.') ? t('record.usage.kind', { name: kind.slice('usage.'.length) }) : kind
}

/** The sign of a kind. */
export function kindIcon(kind: string): IconName {
  const name = known(kind)
  if (name) return icons[name]
  return kind.startsWith('usage.') ? 'metrics' : 'bolt'
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

const levels = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

/** The words that whoever announced something gave it in both languages. */
function wordsIn(words: unknown, locale: Locale): string {
  return words !== null && typeof words === 'object' && locale in words
    ? textOf(words[locale as keyof typeof words])
    : ''
}

/** What an entry says of itself besides title and text: amounts, what became what. */
export function detailWords(
  { kind, details }: TimelineEntry,
  t: Text,
  locale: Locale,
  format: Format,
  tiers: readonly TierName[],
): string {
  const { from, to, amount, currency, before, score, feature, words } = details
  if (kind.startsWith('survey.') && typeof score === 'number')
    return t('record.scored', { score: format.number(score) })
  if (kind.startsWith('history.')) {
    const named = (value: unknown) => {
      const status = customerStatuses.find(each => kind === 'history.status' && each === value)
      if (status) return t(`record.status.${status}`)
      const tier = tiers.find(each => kind === 'history.tier' && each.key === value)
      return tier?.name ?? (textOf(value) || t('record.nothing'))
    }
    return t('record.fromTo', { from: named(from), to: named(to) })
  }
  if (kind === 'churn.level_changed') {
    const named = (value: unknown) => {
      const level = levels.find(each => each === value)
      return level ? t(`record.level.${level}`) : t('record.nothing')
    }
    return t('record.fromTo', { from: named(from), to: named(to) })
  }
  if (kind.startsWith('onboarding.')) return wordsIn(words, locale)
  if (kind === 'health.scored' || kind === 'health.band_changed') {
    const now = typeof score === 'number' ? format.number(score, 0) : ''
    return typeof before === 'number' ? t('record.fromTo', { from: format.number(before, 0), to: now }) : now
  }
  if (kind === 'usage.feature_first_used') return textOf(feature)
  if (typeof amount === 'number' && typeof currency === 'string') return format.money(amount, currency)
  return ''
}

/** One line about what happened: its kind, then what it was about. */
export function TimelineTitle({ entry }: { entry: TimelineEntry }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const tiers = useTiers()
  const about = [entry.title ?? entry.body?.split('\n')[0], detailWords(entry, t, locale, format, tiers)]
    .filter(Boolean)
    .join(' ')
  return (
    <>
      <span className="text-t2">{kindWords(entry.kind, t)}</span> {about}
    </>
  )
}
