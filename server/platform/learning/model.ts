import { crc32 } from 'node:zlib'
import { AppError } from '../errors/app-error.ts'
import { type Attribution, explain } from './attribution.ts'
import type { Bins } from './bins.ts'
import type { Calibration } from './calibration.ts'
import type { Algorithm, Block, Ensemble } from './ensemble.ts'
import { type Prediction, predict } from './scoring.ts'
import { pickRows, type Table } from './table.ts'
import { type Trees, walkOf } from './trees.ts'

/** A model that is ready to judge rows. Tables are matched by the names of columns; others are ignored. */
export interface Model {
  columns(): { name: string; kind: 'number' | 'category'; levels: readonly string[] }[]
  predict(table: Table): Prediction
  /** What each column adds to the probability of the named rows. */
  explain(table: Table, rows: Int32Array): Attribution
}

/** The ensemble as a model. */
export function modelOf(ensemble: Ensemble): Model {
  const walk = walkOf(ensemble.trees)
  return {
    columns: () =>
      ensemble.bins.map(bins => ({
        name: bins.name,
        kind: bins.kind,
        levels: bins.kind === 'category' ? bins.levels : [],
      })),
    predict: table => predict(ensemble, walk, table),
    explain: (table, rows) => explain(ensemble, pickRows(table, rows)),
  }
}

// "KZNM", the version of the layout, a checksum of all that follows, the length of the head.
const magic = 0x4b5a4e4d
const version = 1
const headStart = 16

interface Head {
  algorithm: Algorithm
  bins: ({ name: string; kind: 'number'; edges: number[] } | { name: string; kind: 'category'; levels: string[] })[]
  start: number
  blocks: Block[]
  calibration: Calibration
  trees: number
  nodes: number
  words: number
}

/** The model as a file. The same model gives the same bytes. */
export function writeModel(ensemble: Ensemble): Uint8Array<ArrayBuffer> {
  const { algorithm, start, blocks, calibration, trees } = ensemble
  const head: Head = {
    algorithm,
    bins: ensemble.bins.map(bins =>
      bins.kind === 'number'
        ? { name: bins.name, kind: bins.kind, edges: [...bins.edges] }
        : { name: bins.name, kind: bins.kind, levels: [...bins.levels] },
    ),
    start,
    blocks,
    calibration,
    trees: trees.roots.length,
    nodes: trees.left.length,
    words: trees.sets.length,
  }
  const text = new TextEncoder().encode(JSON.stringify(head))
  const parts = arraysOf(trees)
  const bodyStart = padded(headStart + text.length)
  const bytes = new Uint8Array(bodyStart + parts.reduce((sum, part) => sum + padded(part.byteLength), 0))
  bytes.set(text, headStart)
  let place = bodyStart
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), place)
    place += padded(part.byteLength)
  }
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  view.setUint32(4, version)
  view.setUint32(12, text.length)
  view.setUint32(8, crc32(bytes.subarray(12)))
  return bytes
}

function arraysOf({ roots, feature, rule, left, value, cover, sets }: Trees) {
  return [roots, feature, rule, left, value, cover, sets]
}

function padded(length: number): number {
  return (length + 7) & ~7
}

/** Opens a model file. @throws AppError `invalid_input` where the file is damaged, no model, or of a newer version */
export function readModel(bytes: Uint8Array): Model {
  return modelOf(readEnsemble(bytes))
}

/** Opens a model file as what it consists of. @throws AppError as `readModel` */
function readEnsemble(bytes: Uint8Array): Ensemble {
  if (bytes.length < headStart) throw damaged()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0) !== magic) throw damaged()
  if (view.getUint32(4) !== version) {
    throw new AppError('invalid_input', {
      ja: 'このモデルファイルは別のバージョンのものです。モデルを再学習してください。',
      en: 'This model file is of another version. Train the model again.',
    })
  }
  if (view.getUint32(8) !== crc32(bytes.subarray(12))) throw damaged()
  const length = view.getUint32(12)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(headStart, headStart + length))) as Head
  let place = padded(headStart + length)
  const take = (size: number): ArrayBuffer => {
    if (place + size > bytes.length) throw damaged()
    // A Buffer's own slice would be a view of the same memory.
    const part = Uint8Array.prototype.slice.call(bytes, place, place + size).buffer as ArrayBuffer
    place += padded(size)
    return part
  }
  const { nodes } = head
  const trees: Trees = {
    roots: new Int32Array(take(head.trees * 4)),
    feature: new Uint16Array(take(nodes * 2)),
    rule: new Int32Array(take(nodes * 4)),
    left: new Int32Array(take(nodes * 4)),
    value: new Float32Array(take(nodes * 4)),
    cover: new Float32Array(take(nodes * 4)),
    sets: new Uint32Array(take(head.words * 4)),
  }
  const bins = head.bins.map(
    (bin): Bins => (bin.kind === 'number' ? { ...bin, edges: Float64Array.from(bin.edges) } : bin),
  )
  // A child stands behind its parent, so every walk ends.
  const sound = trees.left.every((left, node) => left === -1 || (left > node && left + 1 < nodes))
  const known = trees.feature.every(feature => feature < bins.length)
  if (!sound || !known || !trees.roots.every(root => root >= 0 && root < nodes)) throw damaged()
  const { algorithm, start, blocks, calibration } = head
  return { algorithm, bins, trees, start, blocks, calibration }
}

function damaged(): AppError {
  return new AppError('invalid_input', {
    ja: 'モデルファイルが壊れているか、モデルファイルではありません。モデルを再学習するか、以前の版に戻してください。',
    en: 'The model file is damaged or no model file. Train the model again, or go back to an earlier version.',
  })
}
