import type { Module } from '../../platform/work/manifest.ts'
import { billingDerived, billingSources } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const billing: Module = {
  name: 'billing',
  tables,
  routes,
  vocabulary: { sources: billingSources, derived: billingDerived },
}
