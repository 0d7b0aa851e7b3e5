import type { Module } from '../../platform/work/manifest.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const programmes: Module = { name: 'programmes', tables, routes }
