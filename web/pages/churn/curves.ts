/** How many left and stayed at one score of 0 to 100. */
export interface ScoreCount {
  score: number
  left: number
  stayed: number
}

/** What warning of everybody from a score on would have meant. */
export interface Outcome {
  threshold: number
  warnedLeft: number
  warnedStayed: number
  missed: number
  spared: number
}

/** The outcome at each threshold of 0 to 100. */
export function outcomes(counts: readonly ScoreCount[]): Outcome[] {
  const byScore = new Map(counts.map(each => [each.score, each]))
  const left = counts.reduce((sum, each) => sum + each.left, 0)
  const stayed = counts.reduce((sum, each) => sum + each.stayed, 0)
  const found: Outcome[] = []
  let [warnedLeft, warnedStayed] = [0, 0]
  for (let threshold = 100; threshold >= 0; threshold--) {
    warnedLeft += byScore.get(threshold)?.left ?? 0
    warnedStayed += byScore.get(threshold)?.stayed ?? 0
    found.push({ threshold, warnedLeft, warnedStayed, missed: left - warnedLeft, spared: stayed - warnedStayed })
  }
  return found.reverse()
}

export function precisionOf({ warnedLeft, warnedStayed }: Outcome): number | null {
  return warnedLeft + warnedStayed === 0 ? null : warnedLeft / (warnedLeft + warnedStayed)
}

export function recallOf({ warnedLeft, missed }: Outcome): number | null {
  return warnedLeft + missed === 0 ? null : warnedLeft / (warnedLeft + missed)
}

/** Share of those warned of for nothing among those who stayed. */
export function falseAlarmsOf({ warnedStayed, spared }: Outcome): number {
  return warnedStayed / Math.max(1, warnedStayed + spared)
}

export interface Prices {
  intervention: number
  saved: number
  successRate: number
}

/**
 * What an outcome costs: each warning a call; each customer who leaves without one, or in spite of it, what it was worth.
 */
export function costOf({ warnedLeft, warnedStayed, missed }: Outcome, { intervention, saved, successRate }: Prices) {
  return (warnedLeft + warnedStayed) * intervention + (missed + warnedLeft * (1 - successRate)) * saved
}

/** The outcome that costs least; the lowest warning count of equals. */
export function cheapest(all: readonly Outcome[], prices: Prices): Outcome {
  return all.reduce((best, each) => (costOf(each, prices) <= costOf(best, prices) ? each : best))
}

/** How much of those who left is found by taking customers from the highest score down: shares of 0 to 1. */
export function gains(counts: readonly ScoreCount[]): [number, number][] {
  const all = outcomes(counts).reverse()
  const total = counts.reduce((sum, each) => sum + each.left + each.stayed, 0)
  const left = Math.max(
    1,
    counts.reduce((sum, each) => sum + each.left, 0),
  )
  return [
    [0, 0],
    ...all.map((each): [number, number] => [
      (each.warnedLeft + each.warnedStayed) / Math.max(1, total),
      each.warnedLeft / left,
    ]),
  ]
}

/** The share that is found when so much is taken, between two points of a curve. */
export function foundAt(curve: readonly [number, number][], taken: number): number {
  const place = curve.findIndex(([share]) => share >= taken)
  if (place <= 0) return place === 0 ? curve[0]![1] : 1
  const [before, after] = [curve[place - 1]!, curve[place]!]
  const span = after[0] - before[0]
  return span === 0 ? after[1] : before[1] + ((taken - before[0]) / span) * (after[1] - before[1])
}
