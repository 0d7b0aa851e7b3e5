import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { flowUses } from './queries/uses.ts'
import { answerRoutes, routes } from './routes.ts'
import { tables } from './tables.ts'

export const flows: Module = {
  name: 'flows',
  tables,
  routes,
  rawRoutes: answerRoutes,
  jobs,
  reactions,
  vocabulary: { uses: flowUses },
}
