import type { Module } from '../../platform/work/manifest.ts'
import { planSources } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const plans: Module = { name: 'plans', tables, routes, vocabulary: { sources: planSources } }
