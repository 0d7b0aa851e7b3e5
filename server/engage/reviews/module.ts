import type { Module } from '../../platform/work/manifest.ts'
import { reviewSource } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const reviews: Module = { name: 'reviews', tables, routes, vocabulary: { sources: [reviewSource] } }
