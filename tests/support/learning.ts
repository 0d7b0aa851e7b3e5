import { Randomness } from '../../server/platform/learning/randomness.ts'
import type { Column } from '../../server/platform/learning/table.ts'
import type { TrainingSet } from '../../server/platform/learning/training-set.ts'

/**
 * Customers who leave with a known probability: by a number, a category, and whether a number is missing; the other
 * columns say nothing.
 */
export function inventedSet(
  rows: number,
  seed: number,
  more: { columns?: number; perGroup?: number } = {},
): TrainingSet {
  const random = new Randomness(seed)
  const levels = ['red', 'green', 'blue', 'grey']
  const [signal, holey] = [new Float64Array(rows), new Float64Array(rows)]
  const colour = new Int32Array(rows)
  const labels = new Uint8Array(rows)
  const noise = Array.from({ length: more.columns ?? 2 }, () => new Float64Array(rows))
  for (let row = 0; row < rows; row++) {
    signal[row] = random.share() * 10
    holey[row] = random.share() < 0.3 ? Number.NaN : Math.round(random.share() * 20)
    colour[row] = random.share() < 0.1 ? -1 : random.below(levels.length)
    for (const column of noise) column[row] = random.share()
    const margin = signal[row]! - 6 + (colour[row] === 2 ? 2 : 0) + (Number.isNaN(holey[row]!) ? 1.5 : 0)
    labels[row] = random.share() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
  }
  const columns: Column[] = [
    { name: 'signal', kind: 'number', values: signal },
    { name: 'holey', kind: 'number', values: holey },
    { name: 'colour', kind: 'category', codes: colour, levels },
    ...noise.map((values, place): Column => ({ name: `noise ${place + 1}`, kind: 'number', values })),
  ]
  const groups = Int32Array.from(labels, (_, row) => Math.floor(row / (more.perGroup ?? 1)))
  return { table: { rows, columns }, labels, groups, times: new Int32Array(rows) }
}
