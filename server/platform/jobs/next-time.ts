import { Cron } from 'croner'

/**
 * The next time of a cron expression (five fields) after a moment, on the clocks of a time zone. A fixed time that the
 * clocks skip in spring comes at the first time after the gap; one that they show twice in autumn comes once.
 * @throws Error for an expression or time zone that is none, or that never comes
 */
export function nextTime(cron: string, timeZone: string, after: Date): Date {
  const next = new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true }).nextRun(after)
  if (!next) throw new Error(`The schedule "${cron}" never comes.`)
  return next
}
