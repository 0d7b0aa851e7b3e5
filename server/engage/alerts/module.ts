import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { alertFields } from './queries/fields.ts'
import { alertRuleUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const alerts: Module = {
  name: 'alerts',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: { ownFields: alertFields, uses: alertRuleUses },
}
