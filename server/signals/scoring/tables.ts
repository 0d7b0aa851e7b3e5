import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  scoring_rule: 'tenant',
  scoring_settings: 'tenant',
  lead_score_state: 'tenant',
  lead_score_change: 'tenant',
} as const satisfies TableScopes
