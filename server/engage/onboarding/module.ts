import type { Module } from '../../platform/work/manifest.ts'
import { onboardingEventWords, onboardingFields } from './catalog.ts'
import { jobs, reactions } from './jobs.ts'
import { templateConditionUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const onboarding: Module = {
  name: 'onboarding',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: { fields: onboardingFields, events: onboardingEventWords, uses: templateConditionUses },
}
