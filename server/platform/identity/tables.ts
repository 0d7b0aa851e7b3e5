import type { TableScopes } from '../db/tables.ts'
import type { BoxedColumn } from '../secrets/boxed-column.ts'

export const tables = {
  app_user: 'global',
  user_tenant: 'global',
  user_session: 'local',
  user_token: 'local',
  sign_up: 'local',
  recovery_code: 'local',
  rate_limit: 'local',
  account_idempotency_key: 'local',
  member: 'tenant',
  team: 'tenant',
  team_member: 'tenant',
  invitation: 'tenant',
  api_key: 'tenant',
  idempotency_key: 'tenant',
} as const satisfies TableScopes

export const boxes = [
  { table: 'sign_up', column: 'request_box', key: { id: 'uuid' } },
  { table: 'app_user', column: 'second_factor_box', key: { id: 'uuid' } },
  { table: 'account_idempotency_key', column: 'reply_box', key: { user_id: 'uuid', key: 'text' } },
  { table: 'idempotency_key', column: 'reply_box', key: { actor_id: 'uuid', key: 'text' } },
  { table: 'invitation', column: 'email_box', key: { id: 'uuid' } },
] as const satisfies BoxedColumn[]
