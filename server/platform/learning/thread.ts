import { Worker } from 'node:worker_threads'
import { AppError, type ErrorCode } from '../errors/app-error.ts'
import type { Words } from '../errors/words.ts'
import type { TrainingResult, TrainingWish } from './training.ts'
import { cancelled, type TrainingSet } from './training-set.ts'

/** What is sent to the thread. */
export interface ThreadWork {
  task: 'learn' | 'compare'
  set: TrainingSet
  wish: TrainingWish
  /** Not 0: stop. */
  flag: Int32Array
}

/** What the thread sends back: progress, then a result or a fault. */
export type ThreadWord =
  | { kind: 'progress'; share: number; stage: string }
  | { kind: 'result'; result: TrainingResult }
  | { kind: 'fault'; code: ErrorCode | null; words: Words }

export interface ThreadListener {
  onProgress?: (share: number, stage: string) => void
  signal?: AbortSignal
}

/**
 * `learn` in a thread of its own, so that the process goes on answering. The set is copied to the thread; buffers that
 * are shared already are not. Aborting ends it within a moment.
 * @throws AppError as `learn`; `conflict` when the signal ended it
 */
export function learnInThread(
  set: TrainingSet,
  wish: TrainingWish,
  listener: ThreadListener = {},
): Promise<TrainingResult> {
  return inThread('learn', set, wish, listener)
}

/** `compare` in a thread of its own. @throws AppError as `learnInThread` */
export function compareInThread(
  set: TrainingSet,
  wish: TrainingWish,
  listener: ThreadListener = {},
): Promise<Pick<TrainingResult, 'refused' | 'comparison' | 'proposed'>> {
  return inThread('compare', set, wish, listener)
}

function inThread(
  task: ThreadWork['task'],
  set: TrainingSet,
  wish: TrainingWish,
  { onProgress, signal }: ThreadListener,
): Promise<TrainingResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled())
      return
    }
    const flag = new Int32Array(new SharedArrayBuffer(4))
    const workerData: ThreadWork = { task, set, wish, flag }
    const worker = new Worker(new URL('./thread-main.ts', import.meta.url), { workerData, execArgv: [] })
    let patience: NodeJS.Timeout | undefined
    const abort = () => {
      Atomics.store(flag, 0, 1)
      // It looks at the flag between trees; what takes longer than this is ended.
      patience = setTimeout(() => end(() => reject(cancelled())), 500)
    }
    const end = (tell: () => void) => {
      clearTimeout(patience)
      signal?.removeEventListener('abort', abort)
      void worker.terminate()
      tell()
    }
    signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (word: ThreadWord) => {
      if (word.kind === 'progress') onProgress?.(word.share, word.stage)
      else if (word.kind === 'result') end(() => resolve(word.result))
      else end(() => reject(word.code ? new AppError(word.code, word.words) : new Error(word.words.en)))
    })
    worker.on('error', error => end(() => reject(error)))
    worker.on('exit', code => end(() => reject(new Error(`The training thread ended by itself (${code}).`))))
  })
}
