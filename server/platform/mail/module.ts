import type { Module } from '../work/manifest.ts'
import { jobs } from './jobs.ts'
import { mailRoutes } from './routes.ts'
import { boxes, tables } from './tables.ts'

export const mail: Module = { name: 'mail', tables, boxes, routes: mailRoutes, jobs }
