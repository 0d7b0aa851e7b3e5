import type { Field } from '../accounts/catalog.ts'

/** The fields of a success profile, by their name in the API; each with its column. */
export const profileFields: Readonly<Record<string, Field>> = {
  businessObjectives: { column: 'business_objectives', type: 'json' },
  successCriteria: { column: 'success_criteria', type: 'json' },
  valueMetrics: { column: 'value_metrics', type: 'json' },
  onboardingStatus: { column: 'onboarding_status', type: 'one_of' },
  onboardingStartedOn: { column: 'onboarding_started_on', type: 'date' },
  onboardingTargetOn: { column: 'onboarding_target_on', type: 'date' },
  onboardingCompletedOn: { column: 'onboarding_completed_on', type: 'date' },
  firstValueOn: { column: 'first_value_on', type: 'date' },
  integrationStatus: { column: 'integration_status', type: 'one_of' },
  dataMigrationStatus: { column: 'data_migration_status', type: 'one_of' },
  trainingCompletion: { column: 'training_completion', type: 'number' },
  adoptionRate: { column: 'adoption_rate', type: 'number' },
  nps: { column: 'nps', type: 'number' },
  csat: { column: 'csat', type: 'number' },
  ces: { column: 'ces', type: 'number' },
  annualRevenue: { column: 'annual_revenue', type: 'number' },
  lifetimeValue: { column: 'lifetime_value', type: 'number' },
  expansionProbability: { column: 'expansion_probability', type: 'number' },
  notes: { column: 'notes', type: 'text' },
}
