import type { Factor, Shape } from '../../../server/signals/scorecards/contract/definition.ts'

/** Kinds of shapes that the editor offers. */
export const shapeKinds = ['linear', 'steps', 'survey'] as const
export type ShapeKind = (typeof shapeKinds)[number]

/**
 * Steps as a person types them, from the lowest on: `10:33, 20:67, >30:100`; before the first value they are worth
 * `below`.
 */
export function stepsText(shape: Extract<Shape, { kind: 'steps' }>): string {
  const rounded = (score: number) => Math.round(score * 100) / 100
  const parts = shape.steps.map(
    ({ from, over, score }) => `${over === undefined ? from : `>${over}`}:${rounded(score)}`,
  )
  return [`${rounded(shape.below)}`, ...parts].join(', ')
}

/** @returns undefined where the text says no steps */
export function readSteps(text: string): Extract<Shape, { kind: 'steps' }> | undefined {
  const [below, ...parts] = text.split(/[,、]/).map(part => part.trim())
  const steps = parts.map(part => {
    const match = /^(>?)\s*(-?\d+(?:[.]\d+)?)\s*[:：]\s*(\d+(?:[.]\d+)?)$/.exec(part)
    if (!match) return undefined
    const bound = Number(match[2])
    return { ...(match[1] ? { over: bound } : { from: bound }), score: Number(match[3]) }
  })
  const start = Number(below)
  if (!below || Number.isNaN(start) || steps.length === 0 || steps.includes(undefined)) return undefined
  return { kind: 'steps', below: start, steps: steps as { from?: number; over?: number; score: number }[] }
}

/** What each value of a field is worth, as a person types it: `Month-to-month=0, One year=70`. */
export function valuesText(values: Readonly<Record<string, number>> | undefined): string {
  return Object.entries(values ?? {})
    .map(([value, worth]) => `${value}=${worth}`)
    .join(', ')
}

export function readValues(text: string): Record<string, number> {
  return Object.fromEntries(
    text
      .split(/[,、]/)
      .map(part => /^(.+?)\s*=\s*(-?\d+(?:[.]\d+)?)$/.exec(part.trim()))
      .flatMap(match => (match ? [[match[1]!, Number(match[2])]] : [])),
  )
}

/** The shape of another kind to begin with. */
export function shapeOf(kind: ShapeKind): Shape {
  if (kind === 'linear') return { kind, from: 0, to: 100 }
  return kind === 'survey'
    ? { kind, scale: '0-10' }
    : {
        kind,
        below: 0,
        steps: [
          { from: 50, score: 50 },
          { from: 80, score: 100 },
        ],
      }
}

/** What a factor looks at, as one text: `metric:…`, `field:…`, `manual:…`. */
export function sourceOf({ input }: Factor): string {
  if ('metric' in input) return `metric:${input.metric}`
  return 'manual' in input ? `manual:${input.manual}` : `field:${input.field}`
}
