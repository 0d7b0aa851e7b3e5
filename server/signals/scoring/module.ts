import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { scoringUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const scoring: Module = { name: 'scoring', tables, routes, jobs, reactions, vocabulary: { uses: scoringUses } }
