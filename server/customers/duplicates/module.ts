import type { Module } from '../../platform/work/manifest.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const duplicates: Module = { name: 'duplicates', tables, routes }
