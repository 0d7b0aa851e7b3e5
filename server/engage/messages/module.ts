import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { linkRoutes } from './routes/links.ts'
import { providerRoutes, routes } from './routes/messages.ts'
import { boxes, tables } from './tables.ts'

export const messages: Module = {
  name: 'messages',
  tables,
  boxes,
  routes,
  rawRoutes: [...linkRoutes, ...providerRoutes],
  jobs,
}
