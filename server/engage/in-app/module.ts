import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { routes } from './routes/messages.ts'
import { publicRoutes } from './routes/public.ts'
import { boxes, tables } from './tables.ts'

export const inApp: Module = { name: 'in_app', tables, boxes, routes, rawRoutes: publicRoutes, jobs }
