import { useFormat, useText } from '../i18n/provider.tsx'
import { Icon } from './icon.tsx'

export type HealthBand = 'green' | 'yellow' | 'orange' | 'red' | 'none'

export type HealthTrend = 'up' | 'flat' | 'down'

interface HealthProps {
  /** 0 to 100; null where it was not computed yet. */
  score: number | null
  /** The band the scorecard puts the score in; its limits are the scorecard's, so they are not worked out here. */
  band: HealthBand
  /** What the scorecard calls the band; the usual word of its colour without it. */
  name?: string
  /** Points since the comparison day. */
  change?: number
  /** Where it is going, where the points are not known. */
  trend?: HealthTrend
  /** Parts line up with those of the rows above and below. */
  aligned?: boolean
}

/** Points a score moves within without being called moved. */
const flatWithin = 2
/** Points from which the arrow points straight up or down. */
const steepFrom = 10

const trendArrows = { up: 'up-right', flat: 'right', down: 'down-right' } as const

function arrowOf(change: number) {
  if (Math.abs(change) <= flatWithin) return 'right'
  if (change > 0) return change >= steepFrom ? 'up' : 'up-right'
  return change <= -steepFrom ? 'down' : 'down-right'
}

/** Health is number, word, colour and arrow everywhere; never colour alone. */
export function Health({ score, band, name, change, trend, aligned }: HealthProps) {
  const t = useText()
  const format = useFormat()
  const word = name ?? t(`kit.health.${band}`)
  if (score === null)
    return (
      <span
        className="k-health"
        data-band="none"
        data-aligned={aligned || undefined}
        role="img"
        aria-label={t('kit.health.labelNone')}
      >
        <b>–</b>
        <span className="k-health-word">{t('kit.health.none')}</span>
      </span>
    )
  const shown = format.number(score, 0)
  const label =
    change !== undefined
      ? t('kit.health.labelChange', { score: shown, word, change: format.change(change, 0) })
      : trend
        ? t('kit.health.labelTrend', { score: shown, word, trend: t(`kit.trend.${trend}`) })
        : t('kit.health.label', { score: shown, word })
  return (
    <span className="k-health" data-band={band} data-aligned={aligned || undefined} role="img" aria-label={label}>
      <b>{shown}</b>
      <span className="k-health-word">{word}</span>
      {change === undefined && trend && (
        <span className="k-health-change">
          <Icon name={trendArrows[trend]} />
        </span>
      )}
      {change !== undefined && (
        <span className="k-health-change">
          <Icon name={arrowOf(change)} />
          {format.change(change, 0)}
        </span>
      )}
    </span>
  )
}
