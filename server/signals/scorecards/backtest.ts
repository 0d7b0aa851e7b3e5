import { shareOf } from '../../platform/learning/measures.ts'

/** A scored customer, and whether it left. */
export interface Observation {
  score: number
  churned: boolean
  band: string
}

/** Fewer than this who left, or who stayed, and a figure would be chance. */
const fewest = 10

export interface Backtest {
  observations: number
  churned: number
  enough: boolean
  /** Share of the observations that left. */
  prevalence: number
  auc: number | null
  aucInterval: [number, number] | null
  /** Shares of those who stayed and of those who left that lie at or below each score, from the lowest on. */
  roc: [number, number][]
  deciles: { decile: number; customers: number; churned: number; rate: number; lift: number | null }[]
  bands: { band: string; customers: number; churned: number; rate: number; interval: [number, number] }[]
}

/** How well a score tells who leaves: a low score should. */
export function backtest(observations: readonly Observation[]): Backtest {
  const churned = observations.filter(each => each.churned).length
  const stayed = observations.length - churned
  const enough = churned >= fewest && stayed >= fewest
  const auc = churned > 0 && stayed > 0 ? areaUnderCurve(observations) : null
  return {
    observations: observations.length,
    churned,
    enough,
    prevalence: observations.length === 0 ? 0 : churned / observations.length,
    auc,
    aucInterval: auc === null ? null : aucInterval(auc, churned, stayed),
    roc: auc === null ? [] : rocOf(observations, churned, stayed),
    deciles: decilesOf(observations, churned),
    bands: bandsOf(observations),
  }
}

/** The chance that one who left had a lower score than one who stayed, ties half: Mann-Whitney U over its most. */
export function areaUnderCurve(observations: readonly Observation[]): number {
  const sorted = [...observations].sort((one, other) => one.score - other.score)
  let [ranks, churned] = [0, 0]
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (end < sorted.length && sorted[end]!.score === sorted[start]!.score) end += 1
    const rank = (start + 1 + end) / 2
    for (let place = start; place < end; place++) {
      if (!sorted[place]!.churned) continue
      ranks += rank
      churned += 1
    }
    start = end
  }
  const stayed = sorted.length - churned
  return 1 - (ranks - (churned * (churned + 1)) / 2) / (churned * stayed)
}

/** Points of the curve that are given: more cannot be told apart on a screen. */
const mostPoints = 100

/** The ROC curve from (0, 0) to (1, 1): one point a score, thinned to what a screen shows. */
function rocOf(observations: readonly Observation[], churned: number, stayed: number): [number, number][] {
  const sorted = [...observations].sort((one, other) => one.score - other.score)
  const points: [number, number][] = [[0, 0]]
  let [falseAlarms, hits] = [0, 0]
  for (const [place, { score, churned: left }] of sorted.entries()) {
    if (left) hits += 1
    else falseAlarms += 1
    if (sorted[place + 1]?.score !== score) points.push([falseAlarms / stayed, hits / churned])
  }
  const step = Math.max(1, Math.ceil(points.length / mostPoints))
  return points.filter((_, place) => place % step === 0 || place === points.length - 1)
}

/** 95 % interval after Hanley and McNeil (1982). */
function aucInterval(auc: number, positives: number, negatives: number): [number, number] {
  const [one, two] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)]
  const variance =
    (auc * (1 - auc) + (positives - 1) * (one - auc * auc) + (negatives - 1) * (two - auc * auc)) /
    (positives * negatives)
  const reach = 1.96 * Math.sqrt(Math.max(0, variance))
  return [Math.max(0, auc - reach), Math.min(1, auc + reach)]
}

/** Tenths of the customers from the lowest score on; lift: their churn rate against that of all. */
function decilesOf(observations: readonly Observation[], churned: number): Backtest['deciles'] {
  const sorted = [...observations].sort((one, other) => one.score - other.score)
  const overall = churned / Math.max(1, sorted.length)
  return Array.from({ length: 10 }, (_, place) => {
    const part = sorted.slice(Math.round((place * sorted.length) / 10), Math.round(((place + 1) * sorted.length) / 10))
    const left = part.filter(each => each.churned).length
    const rate = part.length === 0 ? 0 : left / part.length
    return {
      decile: place + 1,
      customers: part.length,
      churned: left,
      rate,
      lift: overall > 0 && part.length > 0 ? rate / overall : null,
    }
  })
}

function bandsOf(observations: readonly Observation[]): Backtest['bands'] {
  return [...Map.groupBy(observations, each => each.band)].map(([band, part]) => {
    const left = part.filter(each => each.churned).length
    return {
      band,
      customers: part.length,
      churned: left,
      rate: left / part.length,
      interval: wilson(left, part.length),
    }
  })
}

/** 95 % interval of a share after Wilson (1927); of nothing it is everything. */
export function wilson(hits: number, all: number): [number, number] {
  const share = shareOf(hits, all)
  return share ? [share.low, share.high] : [0, 1]
}
