import type { RiskLevel } from '../../../server/signals/risks/contract.ts'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'

const looks = {
  high: { tone: 'red', icon: 'alert' },
  medium: { tone: 'orange', icon: 'warning' },
  low: { tone: 'green', icon: 'check' },
} as const

/** How grave a signal is: word, colour and sign. */
export function LevelBadge({ level }: { level: RiskLevel }) {
  const t = useText()
  return (
    <Badge tone={looks[level].tone} icon={looks[level].icon}>
      {t(`risks.level.${level}`)}
    </Badge>
  )
}
