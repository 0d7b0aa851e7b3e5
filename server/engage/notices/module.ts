import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { routes, slackRoutes } from './routes.ts'
import { boxes, tables } from './tables.ts'

export const notices: Module = { name: 'notices', tables, boxes, routes, rawRoutes: slackRoutes, jobs }
