/** How an outcome of a row looks. */
export const outcomeTone = {
  created: { tone: 'green', icon: 'plus' },
  updated: { tone: 'accent', icon: 'refresh' },
  unchanged: { tone: 'plain', icon: 'check' },
  skipped: { tone: 'yellow', icon: 'right' },
  failed: { tone: 'red', icon: 'alert' },
} as const

export const outcomeNames = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const
