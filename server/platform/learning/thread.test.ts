import { describe, expect, it } from 'vitest'
import { inventedSet } from '../../../tests/support/learning.ts'
import { AppError } from '../errors/app-error.ts'
import { compareInThread, learnInThread } from './thread.ts'
import { learn, type TrainingWish } from './training.ts'

const wish: TrainingWish = { seed: 7, algorithms: ['boosting'], folds: 3 }

describe('learning in a thread', () => {
  it('tells how far it is, and gives what learning here gives', async () => {
    const set = inventedSet(600, 2)
    const shares: number[] = []
    const result = await learnInThread(set, wish, { onProgress: share => shares.push(share) })
    expect(shares.length).toBeGreaterThan(0)
    expect(shares).toEqual(shares.toSorted((one, other) => one - other))
    expect(shares.at(-1)).toBe(1)
    const here = learn(
      set,
      wish,
      () => {},
      () => false,
    )
    expect(Buffer.compare(result.models.boosting!.bytes, here.models.boosting!.bytes)).toBe(0)
    const { comparison } = await compareInThread(set, wish)
    expect(comparison.map(({ name }) => name)).toEqual(['boosting', 'logistic', 'never'])
  })

  it('ends within a second when it is cancelled', async () => {
    const set = inventedSet(20_000, 3, { columns: 20 })
    const abort = new AbortController()
    let asked = 0
    const training = learnInThread(
      set,
      { ...wish, algorithms: ['forest'] },
      {
        signal: abort.signal,
        onProgress: () => {
          if (asked > 0) return
          asked = performance.now()
          abort.abort()
        },
      },
    )
    await expect(training).rejects.toMatchObject({ code: 'conflict' })
    expect(performance.now() - asked).toBeLessThan(1_000)
    await expect(learnInThread(set, wish, { signal: AbortSignal.abort() })).rejects.toThrow('cancelled')
  })

  it('hands an error over as it is', async () => {
    const few = inventedSet(30, 1)
    few.labels.fill(0)
    const fault = await learnInThread(few, wish).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(AppError)
    expect(fault).toMatchObject({ code: 'invalid_input', words: { ja: expect.stringContaining('20件以上') } })
  })
})
