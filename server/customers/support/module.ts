import type { Module } from '../../platform/work/manifest.ts'
import { ticketDerived, ticketSource } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const support: Module = {
  name: 'support',
  tables,
  routes,
  vocabulary: { sources: [ticketSource], derived: ticketDerived },
}
