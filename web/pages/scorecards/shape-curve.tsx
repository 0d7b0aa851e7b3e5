import type { Shape } from '../../../server/signals/scorecards/contract/definition.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { curveOf } from './draft.ts'

/** How a value becomes points, as a small line: value to the right, score upwards. */
export function ShapeCurve({ shape, large }: { shape: Shape; large?: boolean }) {
  const words = useShapeWords()
  const points = curveOf(shape)
  const [first, last] = [points[0]!, points.at(-1)!]
  const width = last[0] - first[0] || 1
  const line = points.map(
    ([at, score]) => `${(((at - first[0]) / width) * 100).toFixed(2)},${(100 - score).toFixed(2)}`,
  )
  return (
    <svg
      className="s-curve"
      data-size={large ? 'large' : undefined}
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      role="img"
      aria-label={words(shape)}
    >
      <line x1={0} x2={100} y1={100} y2={100} />
      <polyline points={line.join(' ')} />
    </svg>
  )
}

/** A shape in words: "0 points at 0, 100 at 100". */
export function useShapeWords(): (shape: Shape) => string {
  const t = useText()
  const format = useFormat()
  return shape => {
    const number = (value: number) => format.number(value, Number.isInteger(value) ? 0 : 1)
    switch (shape.kind) {
      case 'linear':
        return t('scorecards.shape.linearWords', { from: number(shape.from), to: number(shape.to) })
      case 'survey':
        return t('scorecards.shape.surveyWords', { scale: t(`scorecards.scale.${shape.scale}`) })
      case 'steps':
        return shape.steps
          .toReversed()
          .map(({ from, over, score }) =>
            t(over === undefined ? 'scorecards.shape.fromWords' : 'scorecards.shape.overWords', {
              bound: number(from ?? over ?? 0),
              score: number(score),
            }),
          )
          .join(t('scorecards.comma'))
      case 'piecewise':
        return shape.points
          .map(({ at, score }) => t('scorecards.shape.pointWords', { at: number(at), score: number(score) }))
          .join(t('scorecards.comma'))
    }
  }
}
