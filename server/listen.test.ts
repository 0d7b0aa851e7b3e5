import { describe, expect, test } from 'vitest'
import { exitCode, exitCodeOf } from './exit-code.ts'
import { listenOnFreePort } from './listen.ts'
import { restartDelay } from './role-process.ts'

/** Stands for a machine on which some ports are taken. */
const machine = (taken: number[], code = 'EADDRINUSE') => {
  const tried: number[] = []
  return {
    tried,
    listen: async (port: number) => {
      tried.push(port)
      if (taken.includes(port)) throw Object.assign(new Error(`listen ${code}`), { code })
    },
  }
}

describe('listenOnFreePort', () => {
  test('takes the next free port when nobody asked for this one', async () => {
    const { listen, tried } = machine([3000, 3001])
    expect(await listenOnFreePort(listen, { port: 3000, asked: false })).toBe(3002)
    expect(tried).toEqual([3000, 3001, 3002])
  })

  test('insists on a port that was asked for', async () => {
    const { listen, tried } = machine([3000])
    const refusal = listenOnFreePort(listen, { port: 3000, asked: true })
    await expect(refusal).rejects.toMatchObject({
      words: { ja: expect.stringContaining('ポート 3000 は使用中です'), en: expect.stringContaining('is in use') },
    })
    expect(exitCodeOf(await refusal.catch(error => error))).toBe(exitCode.portTaken)
    expect(tried).toEqual([3000])
  })

  test('says what is wrong when the system refuses for another reason', async () => {
    const { listen } = machine([80], 'EACCES')
    const refusal = listenOnFreePort(listen, { port: 80, asked: false })
    await expect(refusal).rejects.toMatchObject({ words: { en: expect.stringContaining('numbers below 1024') } })
    expect(exitCodeOf(await refusal.catch(error => error))).toBe(exitCode.refused)
  })
})

test('a process that keeps ending is started at once first, then after pauses of up to 5 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(restartDelay)).toEqual([0, 500, 1000, 2000, 4000, 5000, 5000, 5000])
})
