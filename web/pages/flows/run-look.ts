/** Colours of the states of an enrolment. */
export const runTones = { active: 'accent', paused: 'yellow', failed: 'red', ended: 'plain', holdout: 'line' } as const
