import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../errors/app-error.ts'
import type { ThreadWord, ThreadWork } from './thread.ts'
import { compare, learn, type TrainingResult } from './training.ts'

const { task, set, wish, flag } = workerData as ThreadWork
const send = (word: ThreadWord) => parentPort?.postMessage(word)

let told = 0
const onProgress = (share: number, stage: string) => {
  const now = performance.now()
  if (share < 1 && now - told < 100) return
  told = now
  send({ kind: 'progress', share, stage })
}

try {
  const isCancelled = () => Atomics.load(flag, 0) !== 0
  const result =
    task === 'learn'
      ? learn(set, wish, onProgress, isCancelled)
      : { models: {} as TrainingResult['models'], ...compare(set, wish, onProgress, isCancelled) }
  send({ kind: 'result', result })
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof AppError) send({ kind: 'fault', code: error.code, words: error.words })
  else send({ kind: 'fault', code: null, words: { ja: message, en: message } })
}
