import type { Chance } from './chance.ts'

/** What happens at a customer that shows in its use weeks before it shows in its contract. */
export type Cause = 'champion_left' | 'poor_fit' | 'bad_support' | 'budget_cut' | 'stalled_onboarding'

export interface Course {
  /** Engagement of each week from its start, 0 to 1: the share of its people who would use the product on a busy day. */
  engagement: number[]
  /** Number of the week in which trouble began, where there was any. */
  troubleWeek: number | undefined
  cause: Cause | undefined
  /** Week after which the customer left; undefined: it stays. */
  churnWeek: number | undefined
}

const causes: readonly (readonly [Cause, number])[] = [
  ['champion_left', 28],
  ['poor_fit', 24],
  ['bad_support', 18],
  ['budget_cut', 14],
  ['stalled_onboarding', 16],
]

/**
 * The course of a customer. Engagement wanders around a level of its own; trouble pulls it down over six to ten weeks;
 * each month the customer decides whether it stays, by its engagement of the last weeks and by chance: most of those in
 * trouble leave, some recover, and a few leave without a sign.
 * @param weeks how long it has been a customer
 * @param ease how easily it leaves, 1 = as a paying company
 */
export function courseOf(chance: Chance, weeks: number, ease: number): Course {
  const level = logistic(0.55 + 0.75 * chance.normal())
  const slope = 0.0015 * chance.normal()
  const inTrouble = chance.happens(0.3)
  const cause = inTrouble ? chance.weighted(causes) : undefined
  const troubleWeek =
    cause === undefined
      ? undefined
      : cause === 'stalled_onboarding'
        ? chance.whole(3, 8)
        : chance.whole(8, Math.max(9, weeks))
  const depth = chance.between(0.45, 0.9)
  const fall = chance.between(6, 10)
  const recovers = chance.happens(0.3)
  const engagement: number[] = []
  let noise = 0
  let churnWeek: number | undefined
  for (let week = 0; week < weeks; week++) {
    noise = 0.7 * noise + 0.06 * chance.normal()
    // The first weeks are training and trying out.
    const settling = Math.min(1, 0.35 + week * 0.11)
    let value = (level + slope * week) * settling + noise
    if (troubleWeek !== undefined && week >= troubleWeek) {
      const since = week - troubleWeek
      const pull = depth * Math.min(1, since / fall)
      value *= 1 - (recovers && since > fall + 4 ? pull * Math.max(0, 1 - (since - fall - 4) / 8) : pull)
    }
    engagement.push(Math.min(0.98, Math.max(0.01, value)))
    if (week >= 8 && week % 4 === 0) {
      const recent = engagement.slice(-6)
      const mean = recent.reduce((sum, item) => sum + item, 0) / recent.length
      // At an engagement of 0.6 about 0.6 % a month leave, at 0.15 about 22 %.
      const hazard = ease * logistic(-0.1 - 8.4 * mean + 0.35 * chance.normal())
      if (chance.happens(hazard)) {
        churnWeek = week + chance.whole(1, 4)
        break
      }
    }
  }
  if (churnWeek !== undefined && churnWeek >= weeks) churnWeek = undefined
  if (churnWeek !== undefined) {
    const last = engagement.at(-1) ?? 0.1
    while (engagement.length < churnWeek) engagement.push(Math.max(0.01, last * 0.6))
  }
  return { engagement, troubleWeek, cause, churnWeek }
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

/** How busy a day is for a Japanese office, 0 to 1: weekends, year's end, Golden Week and Obon are quiet. */
export function busyness(day: Date): number {
  const weekday = day.getUTCDay()
  const share = [0.05, 0.95, 1, 1, 0.97, 0.88, 0.07][weekday]!
  const month = day.getUTCMonth() + 1
  const date = day.getUTCDate()
  if ((month === 12 && date >= 29) || (month === 1 && date <= 3)) return share * 0.06
  if ((month === 4 && date >= 29) || (month === 5 && date <= 5)) return share * 0.2
  if (month === 8 && date >= 11 && date <= 16) return share * 0.35
  // The close of the fiscal year.
  return month === 3 ? Math.min(1, share * 1.12) : share
}
