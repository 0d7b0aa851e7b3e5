import type { Module } from '../../platform/work/manifest.ts'
import { jobs } from './jobs.ts'
import { deliveryRoutes, webhookRoutes } from './routes.ts'
import { boxes, tables } from './tables.ts'

export const webhooks: Module = {
  name: 'webhooks',
  tables,
  boxes,
  routes: webhookRoutes,
  rawRoutes: deliveryRoutes,
  jobs,
}
