import type { Module } from '../../platform/work/manifest.ts'
import { profileSource } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const record: Module = { name: 'record', tables, routes, vocabulary: { sources: [profileSource] } }
