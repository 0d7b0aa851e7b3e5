import type { TableScopes } from '../../platform/db/tables.ts'
import type { BoxedColumn } from '../../platform/secrets/boxed-column.ts'

export const tables = {
  notice_channel: 'tenant',
  notice: 'tenant',
  notice_delivery: 'tenant',
  notice_preference: 'tenant',
  notice_card_use: 'tenant',
  notice_times: 'tenant',
  churn_score_weekly: 'tenant',
  weekly_report: 'tenant',
} as const satisfies TableScopes

export const boxes = [{ table: 'notice_channel', column: 'box', key: { id: 'uuid' } }] as const satisfies BoxedColumn[]
