import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const kpis: Module = { name: 'kpis', tables, routes, jobs, reactions }
