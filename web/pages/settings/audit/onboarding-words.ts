/** Actions of onboarding that have words. */
export const onboardingActions = [
  'onboarding_template.created',
  'onboarding_template.changed',
  'onboarding_template.deleted',
  'onboarding.started',
  'onboarding.paused',
  'onboarding.resumed',
  'onboarding.cancelled',
  'onboarding.completed',
  'onboarding.handed_over',
  'onboarding.people_changed',
  'onboarding.task_done',
  'onboarding.task_reopened',
  'onboarding.link_created',
  'onboarding.link_revoked',
  'onboarding.code_sent',
  'onboarding.code_entered',
] as const
