import type { Recurrence } from './contract/shapes.ts'

const length = 86_400_000

function dayOf(text: string): Date {
  return new Date(`${text}T00:00:00Z`)
}

function textOf(day: Date): string {
  return day.toISOString().slice(0, 10)
}

/**
 * The due day of the next task: the first one by the rule that lies after `today` as well as after the due day, so that a
 * task that was done late does not make another late one. Undefined where the rule has come to its end.
 */
export function nextDue(rule: Recurrence, dueOn: string, today: string): string | undefined {
  const latest = dueOn > today ? dueOn : today
  let next = dueOn
  for (const day of daysOf(rule, dueOn)) {
    next = day
    if (day > latest) break
  }
  return rule.until !== undefined && next > rule.until ? undefined : next
}

/** The days of the rule after a day, without end. */
function* daysOf(rule: Recurrence, from: string): Generator<string> {
  const start = dayOf(from)
  if (rule.every === 'day') {
    for (let count = 1; ; count++) yield textOf(new Date(start.getTime() + count * rule.interval * length))
  }
  if (rule.every === 'week') {
    const own = start.getUTCDay() || 7
    const weekdays = rule.weekdays?.length ? [...new Set(rule.weekdays)].sort() : [own]
    const monday = start.getTime() - (own - 1) * length
    for (let week = 0; ; week += rule.interval) {
      for (const weekday of weekdays) {
        const day = textOf(new Date(monday + (week * 7 + weekday - 1) * length))
        if (day > from) yield day
      }
    }
  }
  const wanted = rule.monthDay ?? start.getUTCDate()
  for (let month = 0; ; month += rule.interval) {
    const [year, place] = [start.getUTCFullYear(), start.getUTCMonth() + month]
    const last = new Date(Date.UTC(year, place + 1, 0)).getUTCDate()
    const day = textOf(new Date(Date.UTC(year, place, Math.min(wanted, last))))
    if (day > from) yield day
  }
}
