import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { healthFields } from './queries/fields.ts'
import { scorecardUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const scorecards: Module = {
  name: 'scorecards',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: { ownFields: healthFields, uses: scorecardUses },
}
