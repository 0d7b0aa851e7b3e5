import type { Module } from '../../platform/work/manifest.ts'
import { answerSource, feedbackDerived } from './catalog.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const feedback: Module = {
  name: 'feedback',
  tables,
  routes,
  vocabulary: { sources: [answerSource], derived: feedbackDerived },
}
