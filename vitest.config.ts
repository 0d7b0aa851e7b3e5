import { defineConfig } from 'vitest/config'

// An odd offset (+05:45), so that a forgotten time zone fails here rather than at a customer's.
process.env.TZ = 'Asia/Kathmandu'

const shared = {
  pool: 'forks' as const,
  env: { TZ: 'Asia/Kathmandu', NODE_ENV: 'test' },
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    // Once for the run: both projects clone the same migrated template.
    globalSetup: ['tests/support/global-setup.ts'],
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['server/**/*.ts'],
      exclude: ['**/*.test.ts', '**/types.generated.ts'],
      reporter: ['text-summary', 'json'],
      thresholds: { lines: 85 },
      reportOnFailure: true,
    },
    projects: [
      {
        test: {
          ...shared,
          name: 'server',
          include: ['{server,scripts,cli,web}/**/*.test.{ts,tsx}', 'tests/support/**/*.test.ts'],
          exclude: ['tests/support/browser.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts', 'tests/support/browser.test.ts'],
          testTimeout: 60_000,
          // One Chromium at a time beside the server's workers.
          fileParallelism: false,
        },
      },
    ],
  },
})
