import { Randomness } from './randomness.ts'

/** Which fold each row belongs to, 0 to `folds - 1`: groups stay whole, and positives are spread evenly. */
export function foldsOf(labels: Uint8Array, groups: Int32Array, folds: number, seed: number): Uint8Array {
  const positive = new Map<number, boolean>()
  for (let row = 0; row < labels.length; row++) {
    positive.set(groups[row]!, labels[row] === 1 || positive.get(groups[row]!) === true)
  }
  const fold = new Map<number, number>()
  const random = new Randomness(seed)
  let next = 0
  for (const wanted of [true, false]) {
    const members = Int32Array.from([...positive].filter(([, is]) => is === wanted).map(([group]) => group))
    random.shuffle(members)
    for (const group of members) fold.set(group, next++ % folds)
  }
  return Uint8Array.from(groups, group => fold.get(group)!)
}

/** Rows to learn from and rows to judge on. */
export interface Split {
  training: Int32Array
  test: Int32Array
}

/**
 * Folds for cross-validation. A test row's group is never in its training part. Where observations differ in time, the
 * training part is also older than the test part, and grows from fold to fold; where the time is too short for that, it
 * is not looked at.
 * @param gap days that must lie between: the outcome of what was observed later was not known yet
 */
export function crossValidationSplits(
  set: { labels: Uint8Array; groups: Int32Array; times: Int32Array },
  wish: { folds: number; seed: number; gap: number },
): Split[] {
  const { labels, groups, times } = set
  const fold = foldsOf(labels, groups, wish.folds, wish.seed)
  const sorted = times.slice().sort()
  const ordered = sorted.length > 0 && sorted[0] !== sorted.at(-1)
  const all = Array.from({ length: wish.folds }, (_, number) => {
    // From 40 % of the rows on, so that the first fold has something to learn from.
    const place = Math.floor(sorted.length * (0.4 + (0.5 * number) / wish.folds))
    const cut = ordered ? laterThanFirst(sorted, place) : undefined
    return splitAt(fold, times, number, cut, wish.gap)
  })
  if (!ordered || all.filter(split => isUsable(labels, split)).length >= fewestOrdered) return all
  return Array.from({ length: wish.folds }, (_, number) => splitAt(fold, times, number, undefined, 0))
}

/** With fewer folds in the order of time the mean of them says little. */
const fewestOrdered = 3
/** A fold has something to learn from, and somebody to judge. */
const least = { learned: 20, judged: 5 }

function isUsable(labels: Uint8Array, { training, test }: Split): boolean {
  const both = (rows: Int32Array, wanted: number) => {
    const left = rows.reduce((sum, row) => sum + labels[row]!, 0)
    return left >= wanted && rows.length - left >= wanted
  }
  return both(training, least.learned) && both(test, least.judged)
}

/** The out-of-time back-test: every later row is judged once, by what other groups showed before. */
export function outOfTimeSplits(
  set: { labels: Uint8Array; groups: Int32Array; times: Int32Array },
  wish: { folds: number; seed: number; gap: number; cut: number },
): Split[] {
  const fold = foldsOf(set.labels, set.groups, wish.folds, wish.seed)
  return Array.from({ length: wish.folds }, (_, number) => splitAt(fold, set.times, number, wish.cut, wish.gap))
}

/**
 * The first day of the last part of the time; undefined where all rows are of one day, or what lies before it by the gap
 * is too little to learn from.
 */
export function outOfTimeCut(
  { labels, times }: { labels: Uint8Array; times: Int32Array },
  { share, gap }: { share: number; gap: number },
): number | undefined {
  const sorted = times.slice().sort()
  if (share <= 0 || sorted.length === 0 || sorted[0] === sorted.at(-1)) return undefined
  const cut = laterThanFirst(sorted, Math.floor(sorted.length * (1 - share)))
  const fold = new Uint8Array(times.length)
  const { test } = splitAt(fold, times, 0, cut, gap)
  const { training } = splitAt(fold, times, 1, cut, gap)
  return isUsable(labels, { training, test }) ? cut : undefined
}

function laterThanFirst(sorted: Int32Array, place: number): number {
  const day = sorted[Math.min(place, sorted.length - 1)]!
  return day > sorted[0]! ? day : sorted.find(other => other > day)!
}

function splitAt(fold: Uint8Array, times: Int32Array, number: number, cut: number | undefined, gap: number): Split {
  const all = Int32Array.from(times, (_, row) => row)
  return {
    training: all.filter(row => fold[row] !== number && (cut === undefined || times[row]! < cut - gap)),
    test: all.filter(row => fold[row] === number && (cut === undefined || times[row]! >= cut)),
  }
}
