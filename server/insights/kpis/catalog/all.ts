import { advocacyKpis } from './advocacy.ts'
import { healthKpis } from './health.ts'
import { onboardingKpis } from './onboarding.ts'
import { retentionKpis } from './retention.ts'
import { revenueKpis } from './revenue.ts'
import { satisfactionKpis } from './satisfaction.ts'
import type { KpiDefinition } from './shape.ts'
import { supportKpis } from './support.ts'
import { usageKpis } from './usage.ts'
import { workKpis } from './work.ts'

/** Every KPI, in the order of the themes. */
export const kpis: readonly KpiDefinition[] = [
  ...revenueKpis,
  ...retentionKpis,
  ...healthKpis,
  ...satisfactionKpis,
  ...onboardingKpis,
  ...usageKpis,
  ...supportKpis,
  ...workKpis,
  ...advocacyKpis,
]
