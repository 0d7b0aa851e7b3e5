import type { Alert } from '../../../server/engage/alerts/contract/alerts.ts'
import type { Severity } from '../../../server/engage/notices/contract/shapes.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge, type Tone } from '../../kit/badge.tsx'
import type { IconName } from '../../kit/icon.tsx'

const looks: Readonly<Record<Severity, { tone: Tone; icon: IconName }>> = {
  critical: { tone: 'red', icon: 'warning' },
  high: { tone: 'orange', icon: 'up' },
  medium: { tone: 'yellow', icon: 'right' },
  low: { tone: 'line', icon: 'down' },
}

/** How grave something is: word, sign and colour. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const t = useText()
  return (
    <Badge tone={looks[severity].tone} icon={looks[severity].icon}>
      {t(`alerts.severity.${severity}`)}
    </Badge>
  )
}

/** When it is due; late ones say so. */
export function Due({ alert }: { alert: Pick<Alert, 'dueAt' | 'state'> }) {
  const t = useText()
  const format = useFormat()
  if (!alert.dueAt) return <span className="text-t3">{t('alerts.noDue')}</span>
  const isLate = alert.state !== 'closed' && Date.parse(alert.dueAt) < Date.now()
  const when = format.relative(alert.dueAt)
  return (
    <time className={isLate ? 'text-red' : undefined} title={format.dateTime(alert.dueAt)}>
      {isLate ? t('alerts.overdue', { when }) : when}
    </time>
  )
}

/** How far somebody has come with it. */
export function AlertState({ alert }: { alert: Alert }) {
  const t = useText()
  const format = useFormat()
  if (alert.closeReason) return <span className="text-t2">{t(`alerts.reason.${alert.closeReason}`)}</span>
  if (alert.state === 'snoozed' && alert.snoozedUntil)
    return (
      <Badge tone="line" icon="clock">
        {t('alerts.snoozedUntil', { day: format.shortDay(alert.snoozedUntil) })}
      </Badge>
    )
  if (alert.clearedAt)
    return (
      <Badge tone="green" icon="check">
        {t('alerts.cleared')}
      </Badge>
    )
  return alert.state === 'acknowledged' ? (
    <Badge tone="accent" icon="eye">
      {t('alerts.state.acknowledged')}
    </Badge>
  ) : (
    <Badge tone="plain">{t('alerts.state.open')}</Badge>
  )
}
