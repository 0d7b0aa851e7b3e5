import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { metricFields } from './queries/fields.ts'
import { ownVocabulary } from './queries/own.ts'
import { ownMetricUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const metrics: Module = {
  name: 'metrics',
  tables,
  routes,
  jobs,
  vocabulary: { ownMetrics: ownVocabulary, ownFields: metricFields, uses: ownMetricUses },
}
