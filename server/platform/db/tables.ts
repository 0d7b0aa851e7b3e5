/**
 * Where a table lives on a cluster: `tenant` is spread by tenant_id, `global` is copied to every node (reference
 * table), `local` stays on the coordinator. Every table is declared by its module; parents before children.
 */
export type TableScope = 'tenant' | 'global' | 'local'
export type TableScopes = Record<string, TableScope>

export const tables = {
  migration: 'local',
  tenant: 'tenant',
  tenant_directory: 'global',
} as const satisfies TableScopes
