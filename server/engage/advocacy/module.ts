import type { Module } from '../../platform/work/manifest.ts'
import { advocacySource } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const advocacy: Module = { name: 'advocacy', tables, routes, vocabulary: { sources: [advocacySource] } }
