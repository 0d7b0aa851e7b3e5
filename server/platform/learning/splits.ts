import { missingCode } from './bins.ts'

/** Of each code in a histogram: gradient, curvature, rows. */
export const fields = 3
/** Levels with little support are drawn to the mean when categories are put in order. */
const categorySmoothing = 10
const fewLevels = 6
const setRidge = 10

/** What divides a node: codes of a number up to one, with or without the missing ones, or a set of categories. */
export interface Split {
  /** 0: nothing was found. */
  gain: number
  feature: number
  code: number
  missingLeft: boolean
  set: Int32Array | undefined
}

/** A column in a histogram: where it begins, and how many codes it has; those of missing rows stand behind them. */
export interface HistogramColumn {
  feature: number
  offset: number
  codes: number
}

/** Sums over the rows of a node, and what a child has to have. */
export interface SplitWish {
  gradient: number
  curvature: number
  rows: number
  leaf: number
  ridge: number
}

/**
 * Looks for the limit of a number that divides a node best: by the gain of the logistic loss to second order (Chen and
 * Guestrin 2016, equation 7, without the half). Missing rows are tried on either side.
 */
export function scanNumber(
  histogram: Float64Array,
  { feature, offset, codes }: HistogramColumn,
  { gradient: gradients, curvature: curvatures, rows, leaf, ridge }: SplitWish,
  best: Split,
): void {
  const missing = offset + codes * fields
  const [missingGradient, missingCurvature] = [histogram[missing]!, histogram[missing + 1]!]
  const missingRows = histogram[missing + 2]!
  const whole = (gradients * gradients) / (curvatures + ridge)
  let gain = best.gain
  let code = -1
  let missingLeft = false
  let gradient = 0
  let curvature = 0
  let count = 0
  let previous = -1
  for (let now = 0; now < codes; now++) {
    const bin = offset + now * fields
    const here = histogram[bin + 2]!
    if (here === 0) continue
    if (previous >= 0) {
      if (count >= leaf && rows - count >= leaf) {
        const rest = gradients - gradient
        const won =
          (gradient * gradient) / (curvature + ridge) + (rest * rest) / (curvatures - curvature + ridge) - whole
        if (won > gain) {
          gain = won
          code = (previous + now - 1) >>> 1
          missingLeft = false
        }
      }
      if (missingRows > 0 && count + missingRows >= leaf && rows - count - missingRows >= leaf) {
        const left = gradient + missingGradient
        const bent = curvature + missingCurvature
        const rest = gradients - left
        const won = (left * left) / (bent + ridge) + (rest * rest) / (curvatures - bent + ridge) - whole
        if (won > gain) {
          gain = won
          code = (previous + now - 1) >>> 1
          missingLeft = true
        }
      }
    }
    gradient += histogram[bin]!
    curvature += histogram[bin + 1]!
    count += here
    previous = now
  }
  if (missingRows > 0 && count >= leaf && rows - count >= leaf) {
    const rest = gradients - gradient
    const won = (gradient * gradient) / (curvature + ridge) + (rest * rest) / (curvatures - curvature + ridge) - whole
    if (won > gain) {
      gain = won
      code = missingCode - 1
      missingLeft = false
    }
  }
  if (code < 0) return
  best.gain = gain
  best.feature = feature
  best.code = code
  best.missingLeft = missingLeft
  best.set = undefined
}

/** Looks for the set of categories that divides a node best, among those that are the first in the order of their rates. */
export function scanCategory(
  histogram: Float64Array,
  { feature, offset, codes }: HistogramColumn,
  { gradient: gradients, curvature: curvatures, rows, leaf, ridge: plain }: SplitWish,
  best: Split,
): void {
  const rates = new Float64Array(codes + 1)
  const sorted: number[] = []
  for (let code = 0; code <= codes; code++) {
    const bin = offset + code * fields
    if (histogram[bin + 2] === 0) continue
    rates[code] = histogram[bin]! / (histogram[bin + 1]! + categorySmoothing * 0.25)
    sorted.push(code)
  }
  sorted.sort((one, other) => rates[one]! - rates[other]! || one - other)
  // Sets of many levels find more that is only chance than a limit of a number does.
  const ridge = plain + (codes > fewLevels ? setRidge : 0)
  const whole = (gradients * gradients) / (curvatures + ridge)
  let gradient = 0
  let curvature = 0
  let count = 0
  for (let place = 0; place < sorted.length - 1; place++) {
    const bin = offset + sorted[place]! * fields
    gradient += histogram[bin]!
    curvature += histogram[bin + 1]!
    count += histogram[bin + 2]!
    if (count < leaf || rows - count < leaf) continue
    const rest = gradients - gradient
    const gain = (gradient * gradient) / (curvature + ridge) + (rest * rest) / (curvatures - curvature + ridge) - whole
    if (gain <= best.gain) continue
    best.gain = gain
    best.feature = feature
    best.set = Int32Array.from(sorted.slice(0, place + 1), code => (code === codes ? missingCode : code))
  }
}
