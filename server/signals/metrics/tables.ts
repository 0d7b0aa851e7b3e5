import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  metric_place: 'tenant',
  own_metric: 'tenant',
  customer_figures: 'tenant',
  figures_daily: 'tenant',
  figures_day: 'tenant',
  figures_state: 'tenant',
} as const satisfies TableScopes
