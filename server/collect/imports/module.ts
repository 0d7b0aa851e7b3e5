import type { Module } from '../../platform/work/manifest.ts'
import { runImportJob } from './jobs/run.ts'
import { undoImportJob } from './jobs/undo.ts'
import { tidyJob, watchJob } from './jobs/watch.ts'
import { importRoutes } from './routes/imports.ts'
import { mappingRoutes } from './routes/mappings.ts'
import { tables } from './tables.ts'

export const imports: Module = {
  name: 'imports',
  tables,
  routes: [...importRoutes, ...mappingRoutes],
  jobs: [runImportJob, undoImportJob, watchJob, tidyJob],
}
