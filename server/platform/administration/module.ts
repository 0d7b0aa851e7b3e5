import type { Module } from '../work/manifest.ts'
import { administrationRoutes } from './routes.ts'

export const administration: Module = { name: 'administration', routes: administrationRoutes }
