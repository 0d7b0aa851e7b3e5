/** Writes server/platform/db/types.generated.ts from a migrated database; with --check it only compares. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTestPostgres } from '../tests/support/postgres.ts'

const target = fileURLToPath(new URL('../server/platform/db/types.generated.ts', import.meta.url))
const program = fileURLToPath(new URL('../node_modules/kysely-codegen/dist/cli/bin.js', import.meta.url))
const checkOnly = process.argv.includes('--check')
const folder = mkdtempSync(join(tmpdir(), 'kizuna-types-'))
const postgres = await startTestPostgres()
try {
  const output = checkOnly ? join(folder, 'types.ts') : target
  execFileSync(
    process.execPath,
    // Partitions come and go with the months; their parent has the shape.
    [
      program,
      '--url',
      postgres.url,
      '--dialect',
      'postgres',
      '--out-file',
      output,
      '--exclude-pattern',
      '{*_2[0-9][0-9][0-9][0-9][0-9],*_default}',
    ],
    { stdio: checkOnly ? 'ignore' : 'inherit' },
  )
  if (checkOnly && readFileSync(output, 'utf8') !== readFileSync(target, 'utf8')) {
    console.error('The table types are out of date: run `npm run types`.')
    process.exitCode = 1
  }
} finally {
  await postgres.end()
  rmSync(folder, { recursive: true, force: true })
}
