import { describe, expect, test } from 'vitest'
import { vocabularyFaults } from './vocabulary.ts'

const faultsOf = (path: string, text = '') => vocabularyFaults([{ path, text }])

describe('vocabulary', () => {
  test.each([
    ['server/signals/health/score.ts'],
    ['server/signals/health/score.test.ts'],
    ['server/signals/health/queries.ts'],
    ['server/signals/health/queries/overview.ts'],
    ['server/platform/db/types.generated.ts'],
    ['server/platform/http/openapi.ts'],
    ['server/main.ts'],
    ['web/kit/button.tsx'],
    ['cli/main.ts'],
    ['vitest.config.ts'],
  ])('%s has its place', path => {
    expect(faultsOf(path)).toEqual([])
  })

  test.each([
    ['server/signals/health/index.ts', 'says nothing'],
    ['server/signals/health/utils.ts', 'says nothing'],
    ['server/platform/helpers/text.ts', 'says nothing'],
    ['web/features/health/flow-v2.tsx', 'says nothing'],
    ['web/kit/Button.tsx', 'lower case with hyphens'],
    ['server/reports/kpi/queries.ts', 'is no stage'],
    ['server/signals/score.ts', 'not directly in a stage'],
    ['server/signals/health/rules/score.ts', 'a role that grew'],
    ['server/signals/health/queries/deep/score.ts', 'one level deep'],
  ])('%s is refused', (path, message) => {
    expect(faultsOf(path).join()).toContain(message)
  })

  test('length: 350 lines pass, 351 fail, dictionaries and generated files may be longer', () => {
    expect(faultsOf('cli/main.ts', '\n'.repeat(350))).toEqual([])
    expect(faultsOf('cli/main.ts', '\n'.repeat(351))).toHaveLength(1)
    expect(faultsOf('web/i18n/ja/messages.ts', '\n'.repeat(900))).toEqual([])
    expect(faultsOf('server/platform/db/types.generated.ts', '\n'.repeat(900))).toEqual([])
  })

  test.each([
    ['server/platform/http/gate.ts', 'const port = process.env.PORT', 'process.env'],
    ['server/signals/health/commands.ts', 'await fetch(url)', 'calls out'],
    ['server/signals/health/score.ts', 'const now = new Date()', 'time and chance'],
    ['server/signals/health/score.ts', 'const now = Date.now()', 'time and chance'],
    ['server/signals/health/score.ts', 'const roll = Math.random()', 'time and chance'],
  ])('%s: %s', (path, text, message) => {
    expect(faultsOf(path, text).join()).toContain(message)
  })

  test.each([
    ['server/platform/config/settings.ts', 'const port = process.env.PORT'],
    ['server/signals/health/client.ts', 'await fetch(url)'],
    ['server/signals/health/score.ts', 'const day = new Date(at) // Date.now() would be wrong'],
    ['server/signals/health/score.test.ts', 'const now = Date.now()'],
  ])('%s: %s is fine', (path, text) => {
    expect(faultsOf(path, text)).toEqual([])
  })
})
