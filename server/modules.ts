import { administration } from './platform/administration/module.ts'
import { tables as auditTables } from './platform/audit/tables.ts'
import type { Reactions } from './platform/context/installation.ts'
import { tables as databaseTables, type TableScopes } from './platform/db/tables.ts'
import { tables as eventTables } from './platform/events/tables.ts'
import type { Implementation } from './platform/http/implement.ts'
import { identity } from './platform/identity/module.ts'
import { mail } from './platform/mail/module.ts'
import type { BoxedColumn } from './platform/secrets/boxed-column.ts'
import { tables as secretTables } from './platform/secrets/tables.ts'
import type { JobDefinition } from './platform/work/definition.ts'
import type { Module } from './platform/work/manifest.ts'
import { jobsModule } from './platform/work/schedules.ts'

/** Every module, in the order in which data flows through them. */
const modules: readonly Module[] = [
  { name: 'database', tables: databaseTables },
  { name: 'secrets', tables: secretTables },
  { name: 'audit', tables: auditTables },
  { name: 'events', tables: eventTables },
  jobsModule(() => jobDefinitions),
  mail,
  identity,
  administration,
]

export const tableScopes: TableScopes = Object.assign({}, ...modules.map(module => module.tables ?? {}))
export const boxedColumns: readonly BoxedColumn[] = modules.flatMap(module => module.boxes ?? [])
export const implementations: readonly Implementation[] = modules.flatMap(module => module.routes ?? [])
export const jobDefinitions: readonly JobDefinition[] = modules.flatMap(module => module.jobs ?? [])

export const reactions: Reactions = new Map(
  [
    ...Map.groupBy(
      modules.flatMap(module => Object.entries(module.reactions ?? {})),
      ([type]) => type,
    ),
  ].map(([type, entries]) => [type, entries.flatMap(([, names]) => names)]),
)
