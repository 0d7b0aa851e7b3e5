import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const upsell: Module = { name: 'upsell', tables, routes, jobs }
