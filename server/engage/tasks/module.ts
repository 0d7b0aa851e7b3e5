import type { Module } from '../../platform/work/manifest.ts'
import { jobs, reactions } from './jobs.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const tasks: Module = { name: 'tasks', tables, routes, jobs, reactions }
