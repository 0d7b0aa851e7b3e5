/** How a score of the ensemble becomes a probability: straight lines between knots, or a logistic curve of its log-odds. */
export type Calibration =
  | { method: 'isotonic'; from: number[]; to: number[]; rows: number }
  | { method: 'platt'; slope: number; offset: number; rows: number }

/** With fewer of either class than this a curve of two parameters is all that the data can carry. */
const enoughForIsotonic = 200
const leastPool = 30

/**
 * Learns from scores that were made without the rows they are for.
 * @param scores in 0 to 1, NaN where a row has none
 */
export function calibrate(scores: Float64Array, labels: Uint8Array): Calibration {
  const known = Int32Array.from(scores, (_, row) => row).filter(row => !Number.isNaN(scores[row]!))
  let positives = 0
  for (const row of known) positives += labels[row]!
  const least = Math.min(positives, known.length - positives)
  return least >= enoughForIsotonic ? isotonic(scores, labels, known) : platt(scores, labels, known)
}

/** The calibrated probability of a score; rises with it. */
export function calibrated(calibration: Calibration, score: number): number {
  if (calibration.method === 'platt') {
    return logistic(calibration.slope * logOdds(score) + calibration.offset)
  }
  const { from, to } = calibration
  let low = 0
  let high = from.length - 1
  if (score <= from[0]!) return to[0]!
  if (score >= from[high]!) return to[high]!
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (from[middle]! <= score) low = middle
    else high = middle
  }
  const part = (score - from[low]!) / (from[high]! - from[low]!)
  return to[low]! + part * (to[high]! - to[low]!)
}

export function logistic(margin: number): number {
  return 1 / (1 + Math.exp(-margin))
}

function logOdds(score: number): number {
  const clipped = Math.min(Math.max(score, 1e-6), 1 - 1e-6)
  return Math.log(clipped / (1 - clipped))
}

/** Pools of adjacent rows until the shares rise (pool adjacent violators), joined by straight lines so that order is kept. */
function isotonic(scores: Float64Array, labels: Uint8Array, known: Int32Array): Calibration {
  const order = known.slice().sort((one, other) => scores[one]! - scores[other]! || one - other)
  const pools: { score: number; hits: number; rows: number }[] = []
  for (let first = 0; first < order.length; ) {
    const pool = { score: 0, hits: 0, rows: 0 }
    // Equal scores stay together, and no pool is so small that chance makes its share.
    while (first < order.length && (pool.rows < leastPool || scores[order[first]!] === scores[order[first - 1]!])) {
      const row = order[first++]!
      pool.score += scores[row]!
      pool.hits += labels[row]!
      pool.rows++
    }
    pools.push(pool)
    while (pools.length > 1 && share(pools.at(-2)!) >= share(pools.at(-1)!)) {
      const last = pools.pop()!
      const before = pools.at(-1)!
      before.score += last.score
      before.hits += last.hits
      before.rows += last.rows
    }
  }
  const from = pools.map(({ score, rows }) => score / rows)
  const to = pools.map(share)
  // The ends reach towards certainty as far as the outermost pools allow it.
  const [first, last] = [pools[0]!, pools.at(-1)!]
  if (from[0]! > 0) {
    from.unshift(0)
    to.unshift(Math.min(to[0]!, first.hits / (first.rows + 2)) * 0.5)
  }
  if (from.at(-1)! < 1) {
    from.push(1)
    to.push(Math.max(to.at(-1)!, 1 - (1 - share(last)) * 0.5))
  }
  return { method: 'isotonic', from, to, rows: known.length }
}

function share({ hits, rows }: { hits: number; rows: number }): number {
  return (hits + 0.25) / (rows + 0.5)
}

/** Platt's curve by Newton's method, with his targets, which are never quite 0 or 1. */
function platt(scores: Float64Array, labels: Uint8Array, known: Int32Array): Calibration {
  let positives = 0
  for (const row of known) positives += labels[row]!
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (known.length - positives + 2)
  let [slope, offset] = [1, 0]
  for (let round = 0; round < 50; round++) {
    // Begins with a little of the identity, which is what few rows leave standing.
    let [g0, g1, h00, h01, h11] = [1e-3 * (1 - slope), 0, 1e-3, 0, 1e-9]
    for (const row of known) {
      const x = logOdds(scores[row]!)
      const probability = logistic(slope * x + offset)
      const rest = (labels[row]! ? high : low) - probability
      const weight = Math.max(probability * (1 - probability), 1e-9)
      g0 += rest * x
      g1 += rest
      h00 += weight * x * x
      h01 += weight * x
      h11 += weight
    }
    const determinant = h00 * h11 - h01 * h01
    if (!(Math.abs(determinant) > 1e-12)) break
    const [stepSlope, stepOffset] = [(g0 * h11 - g1 * h01) / determinant, (g1 * h00 - g0 * h01) / determinant]
    const most = Math.max(Math.abs(stepSlope), Math.abs(stepOffset))
    const scale = most > 2 ? 2 / most : 1
    slope += stepSlope * scale
    offset += stepOffset * scale
    if (most < 1e-8) break
  }
  // A curve that falls would turn the order round; then nothing was learned, and the share of positives is the answer.
  if (!(slope > 0))
    return { method: 'platt', slope: 1e-3, offset: logOdds(positives / Math.max(1, known.length)), rows: known.length }
  return { method: 'platt', slope, offset, rows: known.length }
}
