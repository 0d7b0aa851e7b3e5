/** What is announced of journeys, each about its customer; flows and rules can start on it. */
export const onboardingEvents = {
  started: 'onboarding.started',
  phaseEntered: 'onboarding.phase_entered',
  behind: 'onboarding.behind',
  stuck: 'onboarding.stuck',
  onTrack: 'onboarding.on_track',
  warning: 'onboarding.warning',
  completed: 'onboarding.completed',
  certified: 'onboarding.certificate_issued',
} as const
