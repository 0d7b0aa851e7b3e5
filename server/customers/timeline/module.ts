import type { Module } from '../../platform/work/manifest.ts'
import { communicationDerived, communicationSource } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const timeline: Module = {
  name: 'timeline',
  tables,
  routes,
  vocabulary: { sources: [communicationSource], derived: communicationDerived },
}
