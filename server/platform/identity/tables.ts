import type { TableScopes } from '../db/tables.ts'

export const tables = {
  app_user: 'global',
  user_tenant: 'global',
  user_session: 'local',
  user_token: 'local',
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
