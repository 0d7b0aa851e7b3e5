import type { Module } from '../../platform/work/manifest.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const feedback: Module = { name: 'feedback', tables, routes }
