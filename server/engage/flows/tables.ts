import type { TableScopes } from '../../platform/db/tables.ts'

export const tables = {
  flow: 'tenant',
  flow_version: 'tenant',
  flow_match: 'tenant',
  flow_enrolment: 'tenant',
  flow_step_run: 'tenant',
  flow_refusal: 'tenant',
  flow_contact: 'tenant',
  flow_suppression: 'tenant',
  flow_request: 'tenant',
  flow_settings: 'tenant',
} as const satisfies TableScopes
