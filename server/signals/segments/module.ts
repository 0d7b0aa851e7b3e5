import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { segmentField } from './queries/fields.ts'
import { segmentConditionUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const segments: Module = {
  name: 'segments',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: { ownFields: segmentField, uses: segmentConditionUses },
}
