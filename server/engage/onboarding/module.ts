import type { Module } from '../../platform/work/manifest.ts'
import { onboardingEventWords, onboardingFields } from './catalog/fields.ts'
import { onboardingSources } from './catalog/metrics.ts'
import { jobs, reactions } from './jobs.ts'
import { onboardingOwnFields } from './queries/fields.ts'
import { templateConditionUses } from './queries/uses.ts'
import { routes } from './routes.ts'
import { tables } from './tables.ts'

export const onboarding: Module = {
  name: 'onboarding',
  tables,
  routes,
  jobs,
  reactions,
  vocabulary: {
    fields: onboardingFields,
    ownFields: onboardingOwnFields,
    sources: onboardingSources,
    events: onboardingEventWords,
    uses: templateConditionUses,
  },
}
