import type { Module } from '../../platform/work/manifest.ts'
import { contractDerived, contractSources } from './catalog.ts'
import { endRevenueJob, jobs } from './jobs.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const contracts: Module = {
  name: 'contracts',
  tables,
  routes,
  jobs,
  reactions: { 'customer.churned': [endRevenueJob] },
  vocabulary: { sources: contractSources, derived: contractDerived },
}
