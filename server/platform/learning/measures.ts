/** Ranks from 1, ties share the mean of theirs. */
function midranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values, (_, place) => place).sort((one, other) => values[one]! - values[other]!)
  const ranks = new Float64Array(values.length)
  for (let first = 0; first < order.length; ) {
    let end = first + 1
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++
    for (let place = first; place < end; place++) ranks[order[place]!] = (first + end + 1) / 2
    first = end
  }
  return ranks
}

export interface Interval {
  value: number
  low: number
  high: number
}

/** Area under the ROC curve with its 95 % interval by DeLong; null where one class is empty. */
export function areaUnderRoc(scores: Float64Array, labels: Uint8Array): Interval | null {
  const positive = scores.filter((_, row) => labels[row] === 1)
  const negative = scores.filter((_, row) => labels[row] === 0)
  const [m, n] = [positive.length, negative.length]
  if (m === 0 || n === 0) return null
  const all = new Float64Array(m + n)
  all.set(positive)
  all.set(negative, m)
  const [ranks, within, among] = [midranks(all), midranks(positive), midranks(negative)]
  // Share of the other class that each score beats.
  const above = Float64Array.from(positive, (_, place) => (ranks[place]! - within[place]!) / n)
  const below = Float64Array.from(negative, (_, place) => 1 - (ranks[m + place]! - among[place]!) / m)
  const value = meanOf(above)
  const deviation = Math.sqrt(varianceOf(above) / m + varianceOf(below) / n)
  return { value, low: Math.max(0, value - 1.96 * deviation), high: Math.min(1, value + 1.96 * deviation) }
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

function varianceOf(values: Float64Array): number {
  if (values.length < 2) return 0
  const mean = meanOf(values)
  let sum = 0
  for (const value of values) sum += (value - mean) ** 2
  return sum / (values.length - 1)
}

/** 95 % interval of a share by Wilson; null for no cases. */
export function shareOf(hits: number, cases: number): Interval | null {
  if (cases === 0) return null
  const z = 1.96
  const share = hits / cases
  const scale = 1 + (z * z) / cases
  const centre = (share + (z * z) / (2 * cases)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases))
  return {
    value: share,
    low: Math.max(0, Math.min(share, centre - half)),
    high: Math.min(1, Math.max(share, centre + half)),
  }
}

/** Mean squared distance of the probabilities to what happened. */
export function brierScore(probabilities: Float64Array, labels: Uint8Array): number {
  let sum = 0
  for (let row = 0; row < labels.length; row++) sum += (probabilities[row]! - labels[row]!) ** 2
  return sum / labels.length
}

export interface ReliabilityBin {
  predicted: number
  observed: number
  low: number
  high: number
  rows: number
}

/** Predicted beside observed in ten bins of equal width; empty bins are left out. */
export function reliabilityOf(probabilities: Float64Array, labels: Uint8Array): ReliabilityBin[] {
  const rows = new Float64Array(10)
  const sums = new Float64Array(10)
  const hits = new Float64Array(10)
  for (let row = 0; row < labels.length; row++) {
    const bin = Math.min(9, Math.floor(probabilities[row]! * 10))
    rows[bin]!++
    sums[bin]! += probabilities[row]!
    hits[bin]! += labels[row]!
  }
  return [...rows].flatMap((count, bin) => {
    const observed = shareOf(hits[bin]!, count)
    if (!observed) return []
    return {
      predicted: sums[bin]! / count,
      observed: observed.value,
      low: observed.low,
      high: observed.high,
      rows: count,
    }
  })
}

/** Expected calibration error: the mean distance of predicted and observed over the bins, by their rows. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0)
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.predicted - bin.observed), 0)
}

/** Area under the precision-recall curve as the mean precision at each positive; ties count as one step. */
export function averagePrecision(scores: Float64Array, labels: Uint8Array): number | null {
  const order = Int32Array.from(scores, (_, place) => place).sort((one, other) => scores[other]! - scores[one]!)
  let positives = 0
  for (const label of labels) positives += label
  if (positives === 0) return null
  let [hits, sum] = [0, 0]
  for (let first = 0; first < order.length; ) {
    const score = scores[order[first]!]
    let [end, found] = [first, 0]
    for (; end < order.length && scores[order[end]!] === score; end++) found += labels[order[end]!]!
    hits += found
    sum += (found / positives) * (hits / end)
    first = end
  }
  return sum
}

/**
 * Precision among the riskiest share of the rows, and the share of all positives that are among them. Rows that tie at
 * the border count by the share of positives among them.
 */
export function precisionAt(
  scores: Float64Array,
  labels: Uint8Array,
  share: number,
): { precision: number; captured: number } {
  const order = Int32Array.from(scores, (_, place) => place).sort((one, other) => scores[other]! - scores[one]!)
  const wanted = Math.max(1, Math.round(order.length * share))
  let positives = 0
  for (const label of labels) positives += label
  let hits = 0
  for (let first = 0; first < wanted; ) {
    const score = scores[order[first]!]
    let [end, found] = [first, 0]
    for (; end < order.length && scores[order[end]!] === score; end++) found += labels[order[end]!]!
    hits += found * Math.min(1, (wanted - first) / (end - first))
    first = end
  }
  return { precision: hits / wanted, captured: positives === 0 ? 0 : hits / positives }
}

/** Rows by rounded score: who left and who stayed; index 0 to 100. Curves follow from it. */
export function countByScore(
  probabilities: Float64Array,
  labels: Uint8Array,
): { score: number; left: number; stayed: number }[] {
  const counts = Array.from({ length: 101 }, (_, score) => ({ score, left: 0, stayed: 0 }))
  for (let row = 0; row < labels.length; row++) {
    const count = counts[scoreOf(probabilities[row]!)]!
    if (labels[row]) count.left++
    else count.stayed++
  }
  return counts
}

/** A probability as a whole score of 0 to 100. */
export function scoreOf(probability: number): number {
  return Math.min(100, Math.max(0, Math.round(probability * 100)))
}

/** Prices of a decision: a call to somebody, and what a customer is worth who stays because of it. */
export interface Prices {
  intervention: number
  saved: number
  successRate: number
}

/** The score from which on to act: the one with the largest gain if prices are given, else with the best F1. */
export function chooseThreshold(probabilities: Float64Array, labels: Uint8Array, prices?: Prices): number {
  const counts = countByScore(probabilities, labels)
  const positives = counts.reduce((sum, { left }) => sum + left, 0)
  let [best, threshold, caught, called] = [-Infinity, 50, 0, 0]
  for (let score = 100; score >= 1; score--) {
    caught += counts[score]!.left
    called += counts[score]!.left + counts[score]!.stayed
    if (called === 0) continue
    const worth = prices
      ? caught * prices.successRate * prices.saved - called * prices.intervention
      : (2 * caught) / (called + positives)
    if (worth > best) [best, threshold] = [worth, score]
  }
  return prices && best < 0 ? 100 : threshold
}
