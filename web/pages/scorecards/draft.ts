import type { Factor, ScorecardDefinition, Shape } from '../../../server/signals/scorecards/contract/definition.ts'
import type { Tone } from '../../kit/badge.tsx'

export type Band = ScorecardDefinition['bands'][number]
export type Exception = ScorecardDefinition['exceptions'][number]

export const stateTones = { draft: 'line', enabled: 'green', archived: 'plain' } as const satisfies Record<string, Tone>
export const shapeKinds = ['linear', 'steps', 'piecewise', 'survey'] as const
export const missingPolicies = ['reweight', 'neutral', 'worst'] as const

/** A key that none of those there has: `factor_3`. */
export function freeKey(stem: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) {
    const key = `${stem}_${number}`
    if (!taken.includes(key)) return key
  }
}

/** A factor to begin with. */
export function newFactor(factors: readonly Factor[], name: string, group?: string): Factor {
  return {
    key: freeKey(
      'factor',
      factors.map(factor => factor.key),
    ),
    nameJa: name,
    nameEn: name,
    ...(group && { group }),
    weight: 10,
    input: { metric: 'usage.active_share_30' },
    shape: { kind: 'linear', from: 0, to: 100 },
  }
}

/** The share of each factor in the score in percent, by its place; as the server weighs them. */
export function sharesOf({ groups, factors }: ScorecardDefinition): number[] {
  const inGroup = (key: string | undefined) =>
    factors.filter(factor => factor.group === key).reduce((sum, factor) => sum + factor.weight, 0)
  const raw = factors.map(factor => {
    const group = groups.find(each => each.key === factor.group)
    return group ? (group.weight * factor.weight) / inGroup(factor.group) : factor.weight
  })
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map(weight => (weight / total) * 100)
}

/** A shape to begin with, of a kind. */
export function newShape(kind: Shape['kind']): Shape {
  switch (kind) {
    case 'linear':
      return { kind, from: 0, to: 100 }
    case 'steps':
      return {
        kind,
        below: 0,
        steps: [
          { from: 40, score: 50 },
          { from: 80, score: 100 },
        ],
      }
    case 'piecewise':
      return {
        kind,
        points: [
          { at: 0, score: 0 },
          { at: 50, score: 70 },
          { at: 100, score: 100 },
        ],
      }
    case 'survey':
      return { kind, scale: 'nps' }
  }
}

/** The bounds of a survey's answers: worst and best. */
export const scales = { nps: [-100, 100], '0-10': [0, 10], '1-5': [1, 5], '1-7': [1, 7] } as const

/**
 * A shape as a line through points of value and score, with a little of what lies beyond at both ends.
 * @returns from the lowest value on
 */
export function curveOf(shape: Shape): [number, number][] {
  const corners: [number, number][] =
    shape.kind === 'linear'
      ? [
          [shape.from, 0],
          [shape.to, 100],
        ]
      : shape.kind === 'survey'
        ? [
            [scales[shape.scale][0], 0],
            [scales[shape.scale][1], 100],
          ]
        : shape.kind === 'piecewise'
          ? shape.points.map(({ at, score }) => [at, score])
          : shape.steps.flatMap(({ from, over, score }, place) => {
              const before = shape.steps[place - 1]?.score ?? shape.below
              const bound = from ?? over ?? 0
              return [
                [bound, before],
                [bound, score],
              ]
            })
  const sorted = [...corners].sort(([one], [other]) => one - other)
  const [lowest, highest] = [sorted[0]!, sorted.at(-1)!]
  const margin = (highest[0] - lowest[0] || Math.abs(highest[0]) || 1) * 0.12
  return [[lowest[0] - margin, lowest[1]], ...sorted, [highest[0] + margin, highest[1]]]
}

/** Whether two parts of definitions say the same, in whatever order their keys came. */
export function isAlike(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([left], [right]) => (left < right ? -1 : 1))
              .map(([key, each]) => [key, sorted(each)]),
          )
        : value
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}
