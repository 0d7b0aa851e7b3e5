import type { Module } from '../../platform/work/manifest.ts'
import { accountSources } from './catalog.ts'
import { jobs, releaseCustomersJob } from './jobs.ts'
import { companyCustomerFields, customerConditionFields } from './queries/condition-fields.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const accounts: Module = {
  name: 'accounts',
  tables,
  routes,
  jobs,
  reactions: { 'member.removed': [releaseCustomersJob] },
  vocabulary: { fields: customerConditionFields, ownFields: companyCustomerFields, sources: accountSources },
}
