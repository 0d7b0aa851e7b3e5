const firstDelay = 5
const growth = 2.5

/**
 * How long a job waits after a failed attempt (seconds): 5 s, then 2.5 times longer each time; eleven waits, which
 * twelve attempts have between them, add up to 22 hours.
 * @param attempts how often it has been tried, 1 or more
 * @param chance between 0 and 1: spreads jobs that failed together by a fifth to either side
 */
export function retryDelay(attempts: number, chance: number): number {
  return firstDelay * growth ** (attempts - 1) * (0.8 + 0.4 * chance)
}
