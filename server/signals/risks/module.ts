import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { signalFields } from './queries/fields.ts'
import { signalConditionUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const risks: Module = {
  name: 'risks',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: { ownFields: signalFields, uses: signalConditionUses },
}
