/**
 * How well scores tell who leaves, where a customer may be seen on several days: intervals come from drawing customers
 * again, all days of one together, and thresholds are chosen on one half of the customers and reported on the other.
 */
import { calibrationError } from '../../server/platform/learning/measures.ts'
import { Randomness } from '../../server/platform/learning/randomness.ts'

export interface Method {
  name: string
  /** Probabilities of the rows. */
  scores: Float64Array
}

export interface Sample {
  /** The customer of each row. */
  customers: Int32Array
  /** 1: left. */
  labels: Uint8Array
  methods: Method[]
}

/** A figure of all rows, and of each time that customers were drawn again. */
export interface Estimate {
  value: number
  drawn: number[]
}

export interface Figures {
  auc: Estimate
  f1: Estimate
  precisionAtRecall: Estimate
  recallAtPrecision: Estimate
  brier: Estimate
  calibrationError: Estimate
}

export const aims = { recall: 0.91, precision: 0.82 }
const rounds = 300

/** The figures of every method of a sample, in their order; the same draws for all, so that they can be compared. */
export function figuresOf({ customers, labels, methods }: Sample): Figures[] {
  const places = new Map<number, number>()
  const own = Int32Array.from(customers, customer => {
    if (!places.has(customer)) places.set(customer, places.size)
    return places.get(customer)!
  })
  const random = new Randomness(1)
  const half = Uint8Array.from({ length: places.size }, () => (random.share() < 0.5 ? 1 : 0))
  const rowHalf = Uint8Array.from(own, place => half[place]!)
  const ones = new Float64Array(labels.length).fill(1)
  const draws = Array.from({ length: rounds }, () => {
    const times = new Float64Array(places.size)
    for (let draw = 0; draw < places.size; draw++) times[random.below(places.size)]!++
    return Float64Array.from(own, place => times[place]!)
  })
  return methods.map(({ scores }) => {
    const order = Int32Array.from(scores, (_, row) => row).sort((one, other) => scores[other]! - scores[one]!)
    const over = (figure: (weights: Float64Array) => number): Estimate => ({
      value: figure(ones),
      drawn: draws.map(figure),
    })
    const marked = (worth: (at: Marks) => number) => {
      const thresholds = [1, 0].map(side => bestThreshold(scores, labels, order, row => rowHalf[row] === side, worth))
      // Each half is marked by the threshold of the other.
      return Uint8Array.from(scores, (score, row) => (score >= thresholds[rowHalf[row]!]! ? 1 : 0))
    }
    const at = (marks: Uint8Array, figure: keyof Marks) => over(weights => marksOf(marks, labels, weights)[figure])
    return {
      auc: over(weights => areaOf(scores, labels, order, weights)),
      f1: at(
        marked(({ f1 }) => f1),
        'f1',
      ),
      precisionAtRecall: at(
        marked(({ recall, precision }) => (recall >= aims.recall ? precision : -1)),
        'precision',
      ),
      recallAtPrecision: at(
        marked(({ recall, precision }) => (precision >= aims.precision ? recall : -1)),
        'recall',
      ),
      brier: over(weights => weighed(weights, row => (scores[row]! - labels[row]!) ** 2)),
      calibrationError: over(weights => distance(scores, labels, weights)),
    }
  })
}

/** A figure with the middle 95 % of what drawing again gives. */
export function intervalOf({ value, drawn }: Estimate): string {
  const sorted = [...drawn].sort((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(3)
  return `${value.toFixed(3)} (${at(0.025)} to ${at(0.975)})`
}

/** One figure as a share of another, draw by draw. */
export function ratioOf(one: Estimate, other: Estimate): Estimate {
  return { value: one.value / other.value, drawn: one.drawn.map((each, draw) => each / other.drawn[draw]!) }
}

/** Of probabilities, what they are where the odds of leaving are so many times as high. */
export function shifted(scores: Float64Array, odds: number): Float64Array {
  return scores.map(score => (score * odds) / (score * odds + 1 - score))
}

/** The chance that one who left has a higher score than one who stayed, ties half. */
function areaOf(scores: Float64Array, labels: Uint8Array, order: Int32Array, weights: Float64Array): number {
  let [left, stayed, area] = [0, 0, 0]
  for (let first = 0; first < order.length; ) {
    let [end, leftHere, stayedHere] = [first, 0, 0]
    for (; end < order.length && scores[order[end]!] === scores[order[first]!]; end++) {
      const row = order[end]!
      if (labels[row]) leftHere += weights[row]!
      else stayedHere += weights[row]!
    }
    area += stayedHere * (left + leftHere / 2)
    left += leftHere
    stayed += stayedHere
    first = end
  }
  return area / (left * stayed)
}

interface Marks {
  precision: number
  recall: number
  f1: number
}

function marksFrom(right: number, alarms: number, left: number): Marks {
  return {
    precision: right / Math.max(1, right + alarms),
    recall: right / Math.max(1, left),
    f1: (2 * right) / Math.max(1, right + alarms + left),
  }
}

function marksOf(marks: Uint8Array, labels: Uint8Array, weights: Float64Array): Marks {
  let [right, alarms, left] = [0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row]!
    if (labels[row]) left += weight
    if (!marks[row]) continue
    if (labels[row]) right += weight
    else alarms += weight
  }
  return marksFrom(right, alarms, left)
}

/** The threshold that is worth most on the chosen rows. */
function bestThreshold(
  scores: Float64Array,
  labels: Uint8Array,
  order: Int32Array,
  isChosen: (row: number) => boolean,
  worth: (at: Marks) => number,
): number {
  const rows = order.filter(isChosen)
  const left = rows.reduce((sum, row) => sum + labels[row]!, 0)
  let [right, most, threshold] = [0, Number.NEGATIVE_INFINITY, 1]
  for (const [place, row] of rows.entries()) {
    right += labels[row]!
    if (place + 1 < rows.length && scores[rows[place + 1]!] === scores[row]) continue
    const value = worth(marksFrom(right, place + 1 - right, left))
    if (value > most) [most, threshold] = [value, scores[row]!]
  }
  return threshold
}

function weighed(weights: Float64Array, value: (row: number) => number): number {
  let [sum, all] = [0, 0]
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * value(row)
    all += weights[row]!
  }
  return sum / all
}

/** The learning core's calibration error, of weighted rows. */
function distance(scores: Float64Array, labels: Uint8Array, weights: Float64Array): number {
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, observed: 0, low: 0, high: 0, rows: 0 }))
  for (let row = 0; row < labels.length; row++) {
    const bin = bins[Math.min(9, Math.floor(scores[row]! * 10))]!
    bin.rows += weights[row]!
    bin.predicted += weights[row]! * scores[row]!
    bin.observed += weights[row]! * labels[row]!
  }
  return calibrationError(
    bins
      .filter(({ rows }) => rows > 0)
      .map(bin => ({ ...bin, predicted: bin.predicted / bin.rows, observed: bin.observed / bin.rows })),
  )
}
