import type { Module } from '../../platform/work/manifest.ts'
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
}
