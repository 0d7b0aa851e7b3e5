import { expect, test } from 'vitest'
import { retryDelay } from './retry-delay.ts'

test('eleven waits between twelve attempts add up to about a day, spread by a fifth', () => {
  const sum = (chance: number) =>
    Array.from({ length: 11 }, (_, index) => retryDelay(index + 1, chance)).reduce((total, delay) => total + delay)
  expect(sum(0.5) / 3_600).toBeCloseTo(22.1, 1)
  expect(retryDelay(1, 0)).toBe(4)
  expect(retryDelay(1, 1)).toBeCloseTo(6)
})
