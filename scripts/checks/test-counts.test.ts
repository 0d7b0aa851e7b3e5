import { expect, test } from 'vitest'
import { closingLine, countTests } from './test-counts.ts'

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map(one => ({ status: one })) })

test('counts tests, and a file that failed as a whole once', () => {
  const testResults = [
    file('passed', 'passed', 'passed', 'pending', 'todo'),
    file('failed', 'passed', 'failed', 'failed'),
    file('failed'),
    file('failed', 'skipped'),
  ]
  expect(countTests({ testResults })).toEqual({ passed: 3, failed: 4, skipped: 3 })
})

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, '12 passed, 0 failed'],
  [{ passed: 12, failed: 1, skipped: 2 }, '12 passed, 1 failed, 2 skipped'],
])('%o is %s', (counts, line) => {
  expect(closingLine(counts)).toBe(line)
})
