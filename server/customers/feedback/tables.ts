import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  survey_answer: 'tenant',
} as const satisfies TableScopes
