import { administration } from './platform/administration/module.ts'
import { tables as auditTables } from './platform/audit/tables.ts'
import type { Reactions } from './platform/context/installation.ts'
import { tables as databaseTables, type TableScopes } from './platform/db/tables.ts'
import { tables as eventTables } from './platform/events/tables.ts'
import type { Implementation } from './platform/http/implement.ts'
import { identity } from './platform/identity/module.ts'
import { tables as jobTables } from './platform/jobs/tables.ts'
import { mail } from './platform/mail/module.ts'
import type { JobDefinition } from './platform/work/definition.ts'
import type { Module } from './platform/work/manifest.ts'

/** Every module, in the order in which data flows through them. */
export const modules: readonly Module[] = [
  { name: 'database', tables: databaseTables },
  { name: 'audit', tables: auditTables },
  { name: 'events', tables: eventTables },
  { name: 'jobs', tables: jobTables },
  mail,
  identity,
  administration,
]

export const tableScopes: TableScopes = Object.assign({}, ...modules.map(module => module.tables ?? {}))
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
