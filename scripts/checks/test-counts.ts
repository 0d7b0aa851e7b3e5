/** The part of Vitest's JSON report that is counted. */
export interface VitestReport {
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/** Counts tests; a file that failed as a whole (its import, its `beforeAll`) counts as one failure when none of its tests does. */
export function countTests(report: VitestReport): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report.testResults) {
    let failed = 0
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++
      else if (status === 'failed') failed++
      else counts.skipped++
    }
    counts.failed += file.status === 'failed' ? Math.max(failed, 1) : failed
  }
  return counts
}

/** `12 passed, 0 failed`, with the skipped ones where there are any. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
