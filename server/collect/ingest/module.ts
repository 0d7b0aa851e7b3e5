import type { Module } from '../../platform/work/manifest.ts'
import { usageDerived } from './catalog/derived.ts'
import { featureSource, lastUseSource, webinarSource } from './catalog/features.ts'
import { peopleSource } from './catalog/people.ts'
import { jobs, reactions } from './jobs.ts'
import { endpoints } from './routes/endpoints.ts'
import { sourceRoutes } from './routes/sources.ts'
import { boxes, tables } from './tables.ts'

export const ingest: Module = {
  name: 'ingest',
  tables,
  boxes,
  routes: sourceRoutes,
  rawRoutes: endpoints,
  jobs,
  reactions,
  vocabulary: { sources: [peopleSource, featureSource, lastUseSource, webinarSource], derived: usageDerived },
}
