import type { Module } from '../work/manifest.ts'
import { jobRoutes } from './job-routes.ts'
import { administrationRoutes } from './routes.ts'

export const administration: Module = { name: 'administration', routes: [...administrationRoutes, ...jobRoutes] }
