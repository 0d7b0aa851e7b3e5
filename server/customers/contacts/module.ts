import type { Module } from '../../platform/work/manifest.ts'
import { contactSource } from './catalog.ts'
import { contactConditionFields } from './queries/condition-fields.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const contacts: Module = {
  name: 'contacts',
  tables,
  routes,
  vocabulary: { fields: contactConditionFields, sources: [contactSource] },
}
