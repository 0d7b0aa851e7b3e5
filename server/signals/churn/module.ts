import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { churnUses } from './queries/settings.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const churn: Module = { name: 'churn', tables, routes, jobs, vocabulary: { uses: churnUses } }
