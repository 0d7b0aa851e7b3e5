import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  segment: 'tenant',
  segment_member: 'tenant',
  segment_move: 'tenant',
  segment_size: 'tenant',
} as const satisfies TableScopes
