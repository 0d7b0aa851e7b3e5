export const jobStates = ['waiting', 'leased', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** The state of that name; undefined for any other text. */
export function jobStateOf(text: unknown): JobState | undefined {
  return jobStates.find(state => state === text)
}
