import type { Factor, ScorecardDefinition, Shape } from './contract/definition.ts'

/** Answers of surveys by their scale: worst and best. NPS as an index runs from -100 to 100. */
export const surveyScales = { nps: [-100, 100], '0-10': [0, 10], '1-5': [1, 5], '1-7': [1, 7] } as const

/** What a value is worth, 0 to 100. */
export function shapeScore(shape: Shape, value: number): number {
  switch (shape.kind) {
    case 'steps': {
      const reached = shape.steps.filter(({ from, over }) => (over === undefined ? value >= from! : value > over))
      return reached.at(-1)?.score ?? shape.below
    }
    case 'linear':
      return along(value, shape.from, shape.to, 0, 100)
    case 'piecewise': {
      const { points } = shape
      const next = points.findIndex(({ at }) => value < at)
      if (next === 0) return points[0]!.score
      if (next === -1) return points.at(-1)!.score
      const [one, other] = [points[next - 1]!, points[next]!]
      return along(value, one.at, other.at, one.score, other.score)
    }
    case 'survey': {
      const [worst, best] = surveyScales[shape.scale]
      return along(value, worst, best, 0, 100)
    }
  }
}

/** The value's place between two, brought to two others, not beyond them. */
function along(value: number, from: number, to: number, low: number, high: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return low + share * (high - low)
}

/** The share of each factor in the score, by its place; they add up to 1. */
export function weightsOf({ groups, factors }: Pick<ScorecardDefinition, 'groups' | 'factors'>): number[] {
  const inGroup = (group: string | undefined) =>
    factors.filter(factor => factor.group === group).reduce((sum, factor) => sum + factor.weight, 0)
  const raw = factors.map(factor => {
    const group = groups.find(each => each.key === factor.group)
    return group ? (group.weight * factor.weight) / inGroup(factor.group) : factor.weight
  })
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  return raw.map(weight => weight / total)
}

/** How a missing factor counts: undefined where the others count more instead. */
export function missingScore(definition: Pick<ScorecardDefinition, 'missing'>, factor: Factor): number | undefined {
  const policy = factor.missing ?? definition.missing
  return policy === 'neutral' ? 50 : policy === 'worst' ? 0 : undefined
}

export interface Scored {
  /** 0 to 100, one decimal; null where nothing is known. */
  score: number | null
  /** Before exceptions and overrides. */
  raw: number | null
  band: string | null
  /** Share of the weights whose factors are known, 0 to 1. */
  coverage: number
  /** 0 to 100 by factor; null where it is not known. */
  scores: (number | null)[]
  /** Place of the exception that was decisive (from 1), 0 for an override, null for none. */
  exception: number | null
}

/**
 * The health of one customer: the mean of its factors by their weights.
 * @param inputs by place of the factor; null where it is not known
 * @param meets whether the customer meets the condition of each exception
 * @param override a score that a person set
 */
export function scoreOf(
  definition: ScorecardDefinition,
  inputs: readonly (number | null)[],
  meets: readonly boolean[] = [],
  override?: number,
): Scored {
  const weights = weightsOf(definition)
  const scores = definition.factors.map((factor, place) => {
    const value = inputs[place] ?? null
    return value === null ? null : shapeScore(factor.shape, value)
  })
  let [sum, total, known] = [0, 0, 0]
  for (const [place, factor] of definition.factors.entries()) {
    const own = scores[place] ?? null
    if (own !== null) known += weights[place]!
    const counted = own ?? missingScore(definition, factor)
    if (counted === undefined) continue
    sum += counted * weights[place]!
    total += weights[place]!
  }
  const raw = total === 0 ? null : oneDecimal(sum / total)
  let score = raw
  let exception: number | null = null
  for (const [place, { effect, value }] of definition.exceptions.entries()) {
    if (!meets[place] || score === null) continue
    const next = effect === 'cap' ? Math.min(score, value) : effect === 'floor' ? Math.max(score, value) : value
    if (next !== score) exception = place + 1
    score = next
  }
  if (override !== undefined) [score, exception] = [override, 0]
  return { score, raw, band: score === null ? null : bandOf(definition, score), coverage: known, scores, exception }
}

function oneDecimal(value: number): number {
  // Written as in SQL, so that both round alike.
  return Math.floor(value * 10 + 0.5) / 10
}

/** The band of a score as it is shown: rounded to a whole number, so that none falls between two bands. */
function bandOf({ bands }: Pick<ScorecardDefinition, 'bands'>, score: number): string {
  const shown = Math.floor(score + 0.5)
  return (
    [...bands].sort((one, other) => other.from - one.from).find(({ from }) => shown >= from)?.key ?? bands.at(-1)!.key
  )
}

/** The share of each factor in the score of one customer: unknown ones that are left out have none, the others more. */
export function countedWeights(definition: ScorecardDefinition, scores: readonly (number | null)[]): number[] {
  const counted = weightsOf(definition).map((weight, place) =>
    (scores[place] ?? missingScore(definition, definition.factors[place]!)) === undefined ? 0 : weight,
  )
  const total = counted.reduce((sum, weight) => sum + weight, 0)
  return counted.map(weight => (total === 0 ? 0 : weight / total))
}

/** What each factor adds to the raw score, in points; factors that are left out add nothing. */
export function contributions(definition: ScorecardDefinition, scores: readonly (number | null)[]): number[] {
  const weights = countedWeights(definition, scores)
  return definition.factors.map(
    (factor, place) => (scores[place] ?? missingScore(definition, factor) ?? 0) * weights[place]!,
  )
}
