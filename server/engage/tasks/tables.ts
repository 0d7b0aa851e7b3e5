import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  task: 'tenant',
  task_link: 'tenant',
  task_step: 'tenant',
  task_turn: 'tenant',
  task_settings: 'tenant',
  task_calendar: 'tenant',
} as const satisfies TableScopes
