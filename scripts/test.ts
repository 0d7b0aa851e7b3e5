import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { root } from './checks/source-files.ts'
import { closingLine, countTests, type VitestReport } from './checks/test-counts.ts'

/**
 * `npm test`: builds the web pages if they are stale, runs all tests with coverage, ends with the line of the counts.
 * `npm test -- server/platform/jobs` runs the files whose path contains that, without coverage.
 */
const filters = process.argv.slice(2)
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
  TZ: 'Asia/Kathmandu',
}

function run(program: string, parameters: string[]): number {
  const { status, error } = spawnSync(program, parameters, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) console.error(`${program} did not start: ${error.message}`)
  return status ?? 1
}

const folder = mkdtempSync(join(tmpdir(), 'kizuna-test-report-'))
const report = join(folder, 'report.json')
let counts = { passed: 0, failed: 0, skipped: 0 }
const needsPages = filters.length === 0 || filters.some(filter => filter.includes('browser'))
let code = needsPages ? run('node', ['scripts/build-web.ts', '--if-stale']) : 0
if (code !== 0) {
  console.error('The web pages were not built: no test was run.')
} else {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  code = run('vitest', ['run', ...reporters, ...(filters.length === 0 ? ['--coverage'] : []), ...filters])
  try {
    counts = countTests(JSON.parse(readFileSync(report, 'utf8')) as VitestReport)
  } catch (error) {
    console.error(`Vitest left no report: ${(error as Error).message}`)
    code ||= 1
  }
  if (counts.passed + counts.failed === 0) code ||= 1
  if (code !== 0 && counts.failed === 0)
    console.error('Failed for another reason than a test (coverage, an unhandled error, no tests): see above.')
}
rmSync(folder, { recursive: true, force: true })
console.log(closingLine(counts))
process.exit(code || (counts.failed > 0 ? 1 : 0))
