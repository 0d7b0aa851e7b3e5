/** Colours of the states of an enrolment. */
export const runTones = { active: 'accent', paused: 'yellow', failed: 'red', ended: 'plain', holdout: 'line' } as const

/** Colours of what came of a contact. */
export const outcomeTones = {
  open: 'line',
  late: 'red',
  done: 'plain',
  approved: 'green',
  refused: 'orange',
  silent: 'yellow',
  cancelled: 'plain',
  sent: 'plain',
  opened: 'accent',
  clicked: 'accent',
  held: 'line',
  failed: 'red',
} as const

/** Colours of how a win-back goes. */
export const winBackTones = { running: 'accent', returned: 'green', ended: 'plain', held_out: 'line' } as const
