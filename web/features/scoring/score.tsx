import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import './scoring.css'

interface ScoreProps {
  score: number
  fit: number
  engagement: number
}

/** A score as a number, and as a bar that shows how much of it is fit and how much engagement. */
export function Score({ score, fit, engagement }: ScoreProps) {
  const t = useText()
  const format = useFormat()
  const plus = (points: number) => Math.max(0, points)
  // What the other part takes away is missing from the bar.
  const sum = Math.max(plus(fit) + plus(engagement), 1)
  const width = (points: number) => `${(score * plus(points)) / sum}%`
  const label = t('leads.scoreLabel', {
    score: format.number(score, 1),
    fit: format.number(fit, 1),
    engagement: format.number(engagement, 1),
  })
  return (
    <span className="g-score" role="img" aria-label={label} title={label}>
      <b>{format.number(Math.floor(score), 0)}</b>
      <span className="g-bar">
        <i data-part="fit" style={{ width: width(fit) }} />
        <i data-part="engagement" style={{ width: width(engagement) }} />
      </span>
    </span>
  )
}

export function HotBadge() {
  const t = useText()
  return (
    <Badge tone="orange" icon="bolt">
      {t('leads.hot')}
    </Badge>
  )
}

/** Points with their sign. */
export function Points({ points }: { points: number }) {
  const format = useFormat()
  return (
    <span className="g-points" data-sign={points < 0 ? 'minus' : 'plus'}>
      {format.change(points, Number.isInteger(points) ? 0 : 1)}
    </span>
  )
}

interface SpreadProps {
  label: string
  counts: readonly number[]
  /** Counts to compare with, drawn behind. */
  before?: readonly number[]
  /** Columns from here on are those of hot leads. */
  hotAt: number
}

/** How scores are spread: ten columns from 0 to 100. */
export function Spread({ label, counts, before, hotAt }: SpreadProps) {
  const t = useText()
  const most = Math.max(1, ...counts, ...(before ?? []))
  const height = (count: number) => `${count === 0 ? 0 : Math.max(3, (count / most) * 100)}%`
  return (
    <figure className="g-spread">
      <figcaption>{label}</figcaption>
      <ul>
        {counts.map((count, tenth) => {
          const from = tenth * 10
          const text = t('leads.distributionLabel', { from, to: tenth === 9 ? 100 : from + 9, count })
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <li key={tenth} title={text} data-hot={from >= hotAt || undefined}>
              <span className="k-hidden">{text}</span>
              {before && <i data-before style={{ height: height(before[tenth] ?? 0) }} />}
              <i style={{ height: height(count) }} />
              <small aria-hidden="true">{from}</small>
            </li>
          )
        })}
      </ul>
    </figure>
  )
}
