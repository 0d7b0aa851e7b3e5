import type { ChurnBand } from '../../../server/signals/churn/contract/settings.ts'
import { getChurnSettings } from '../../../server/signals/churn/contract/settings.ts'
import { useRoute } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'

const looks = {
  critical: { tone: 'red', icon: 'alert' },
  high: { tone: 'orange', icon: 'warning' },
  medium: { tone: 'yellow', icon: 'warning' },
  low: { tone: 'green', icon: 'check' },
} as const

/** The company's bands of churn scores, the highest first. */
export function useChurnBands(): readonly ChurnBand[] {
  return useRoute(getChurnSettings).data?.bands ?? []
}

/** A band by its name, with colour and sign. */
export function BandBadge({ band }: { band: ChurnBand | undefined }) {
  const { locale } = useLocale()
  if (!band) return null
  return (
    <Badge tone={looks[band.level].tone} icon={looks[band.level].icon}>
      {nameOf(band, locale)}
    </Badge>
  )
}

/** A score with its band. */
export function ChurnScore({ score, band }: { score: number; band: ChurnBand | undefined }) {
  const format = useFormat()
  return (
    <span className="ch-score">
      <strong>{format.number(score, 0)}</strong>
      <BandBadge band={band} />
    </span>
  )
}
