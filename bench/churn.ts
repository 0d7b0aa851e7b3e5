/**
 * How long models of who leaves take to train, and how many rows a second they judge. The peer is scikit-learn's forest
 * (250 trees, two jobs) and its histogram boosting on the same rows, run right after ours; without `python3-sklearn`
 * (Debian) the figures stand alone.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Algorithm, growEnsemble } from '../server/platform/learning/ensemble.ts'
import { areaUnderRoc } from '../server/platform/learning/measures.ts'
import { modelOf } from '../server/platform/learning/model.ts'
import { Randomness } from '../server/platform/learning/randomness.ts'
import { type Column, pickRows, type Table } from '../server/platform/learning/table.ts'
import { timed } from './support/company.ts'
import { median, report } from './support/report.ts'

const columnCount = 60
const judgedRows = 100_000
const python = ['/usr/bin/python3', 'python3'].find(
  name => spawnSync(name, ['-c', 'import sklearn'], { stdio: 'ignore' }).status === 0,
)

interface Peer {
  training: number
  rowsPerSecond: number
  auc: number
}

/** Customers of whom 15 % leave: by trends, levels and their combinations; a third of the columns say nothing. */
function invent(rows: number): { table: Table; labels: Uint8Array } {
  const random = new Randomness(rows)
  const margins = new Float64Array(rows).fill(-2.6)
  const columns = Array.from({ length: columnCount }, (_, number): Column => {
    const strength = number % 3 === 0 ? 0 : 2 / (1 + number / 12)
    if (number % 6 === 5) {
      const codes = Int32Array.from({ length: rows }, () => random.below(8))
      codes.forEach((code, row) => {
        margins[row]! += strength * (code - 3.5) * 0.4
      })
      return { name: `c${number}`, kind: 'category', codes, levels: [...'abcdefgh'] }
    }
    const values = Float64Array.from({ length: rows }, () => random.share() + random.share() + random.share() - 1.5)
    values.forEach((value, row) => {
      margins[row]! += strength * (number % 4 === 1 ? Math.abs(value) * 2 - 0.8 : value)
      if (random.share() < 0.05) values[row] = Number.NaN
    })
    return { name: `c${number}`, kind: 'number', values }
  })
  const labels = Uint8Array.from(margins, margin => (random.share() < 1 / (1 + Math.exp(-margin)) ? 1 : 0))
  return { table: { rows, columns }, labels }
}

function peerOf(folder: string, table: Table, labels: Uint8Array, tested: number, algorithm: Algorithm): Peer | null {
  if (!python) return null
  const file = join(folder, 'rows')
  const data = new Float64Array(table.rows * (columnCount + 1))
  table.columns.forEach((column, place) => {
    data.set(column.kind === 'number' ? column.values : Float64Array.from(column.codes), place * table.rows)
  })
  data.set(labels, table.rows * columnCount)
  writeFileSync(file, new Uint8Array(data.buffer))
  const script = join(import.meta.dirname, 'sklearn-churn.py')
  const words = [script, file, `${table.rows}`, `${columnCount}`, `${tested}`, algorithm]
  const { stdout, status } = spawnSync(python, words, { encoding: 'utf8' })
  return status === 0 ? (JSON.parse(stdout) as Peer) : null
}

const folder = mkdtempSync(join(tmpdir(), 'kizuna-bench-churn-'))
try {
  const judged = invent(judgedRows).table
  for (const rows of [6_000, 100_000]) {
    const tested = rows / 5
    const { table, labels } = invent(rows)
    const training = Int32Array.from({ length: rows - tested }, (_, row) => row)
    const test = Int32Array.from({ length: tested }, (_, place) => rows - tested + place)
    for (const algorithm of ['forest', 'boosting'] as const) {
      const wish = { seed: 1, trees: 250, isCancelled: () => false, onProgress: () => {} }
      const known = pickRows(table, training)
      const began = performance.now()
      const { ensemble } = growEnsemble(algorithm, known, labels.slice(0, rows - tested), training, wish)
      const seconds = (performance.now() - began) / 1_000
      const model = modelOf(ensemble)
      const said = model.predict(pickRows(table, test)).probability
      const area = areaUnderRoc(said, labels.slice(rows - tested))!.value
      const spent: number[] = []
      for (let round = 0; round < 3; round++) spent.push(await timed(async () => model.predict(judged)))
      const rate = (judgedRows / median(spent)) * 1_000
      const peer = peerOf(folder, table, labels, tested, algorithm)
      const size = `${rows.toLocaleString('en')} x ${columnCount}`
      const name =
        algorithm === 'forest' ? 'RandomForestClassifier (250 trees, leaf 5, n_jobs=2)' : 'HistGradientBoosting'
      console.log(`${algorithm}, ${size}: AUC ${area.toFixed(4)}, peer ${peer?.auc.toFixed(4) ?? 'not installed'}`)
      report({
        bench: `churn, training the ${algorithm} on ${size}`,
        figure: seconds,
        unit: 's',
        peer: peer && `scikit-learn ${name}`,
        peerFigure: peer ? peer.training : null,
        ratio: peer && peer.training / seconds,
        aim: 1,
      })
      report({
        bench: `churn, judging by the ${algorithm} of ${size}`,
        figure: rate,
        unit: 'rows/s (probability and interval)',
        peer: peer && `scikit-learn ${name}`,
        peerFigure: peer ? peer.rowsPerSecond : null,
        ratio: peer && rate / peer.rowsPerSecond,
        aim: 1,
      })
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
