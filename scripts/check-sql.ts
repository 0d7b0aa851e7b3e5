import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TableScopes } from '../server/platform/db/tables.ts'
import { finish, root, sourceFiles } from './checks/source-files.ts'
import { migrationFaults } from './sql/migrations.ts'
import { sourceFaults } from './sql/sources.ts'

const faults: string[] = []
const scopes: TableScopes = {}
const sources = sourceFiles(['server'], ['.ts'])

for (const { path } of sources.filter(file => file.path.endsWith('/tables.ts'))) {
  const { tables } = (await import(pathToFileURL(join(root, path)).href)) as { tables?: TableScopes }
  if (!tables) faults.push(`${path}: exports no "tables"`)
  for (const [name, scope] of Object.entries(tables ?? {})) {
    if (scopes[name]) faults.push(`${path}: ${name} is declared by another module, too`)
    if (!['tenant', 'global', 'local'].includes(scope)) faults.push(`${path}: ${name}: "${scope}" is no scope`)
    scopes[name] = scope
  }
}
for (const { path, text } of sourceFiles(['migrations'], ['.sql'])) faults.push(...migrationFaults(path, text, scopes))
for (const { path, text } of sources) {
  if (!/[.](test|generated)[.]ts$/.test(path)) faults.push(...sourceFaults(path, text, scopes))
}
finish(faults)
