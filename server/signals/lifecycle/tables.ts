import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  lifecycle_stage: 'tenant',
  lifecycle_position: 'tenant',
  lifecycle_move: 'tenant',
} as const satisfies TableScopes
