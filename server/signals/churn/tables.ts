import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  churn_settings: 'tenant',
  churn_model: 'tenant',
  churn_model_content: 'tenant',
  churn_prediction: 'tenant',
  churn_score_daily: 'tenant',
  churn_drift: 'tenant',
} as const satisfies TableScopes
