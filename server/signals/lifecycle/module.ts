import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { stageUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const lifecycle: Module = { name: 'lifecycle', tables, routes, jobs, reactions, vocabulary: { uses: stageUses } }
