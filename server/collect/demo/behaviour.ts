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
  latent: Latent
}

const causes: readonly (readonly [Cause, number])[] = [
  ['champion_left', 28],
  ['poor_fit', 24],
  ['bad_support', 18],
  ['budget_cut', 14],
  ['stalled_onboarding', 16],
]

/** What drives a customer: nobody sees it, only what follows from it. */
export interface Latent {
  /** How long its time is told, in weeks: trouble begins somewhere in it. */
  weeks: number
  /** How easily it leaves, 1 = as a paying company. */
  ease: number
  level: number
  slope: number
  trouble: Trouble | undefined
  /** What each week was off, by chance. */
  noise: number[]
  /** Week in which it made up its mind to leave. */
  decidedWeek: number | undefined
}

export interface Trouble {
  cause: Cause
  week: number
  /** Share of the engagement that it takes at its worst, and in how many weeks. */
  depth: number
  fall: number
  recovers: boolean
}

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
  const trouble = troubleOf(chance, weeks, chance.happens(shareInTrouble))
  const latent: Latent = { weeks, ease, level, slope, trouble, noise: [], decidedWeek: undefined }
  const engagement: number[] = []
  let noise = 0
  let churnWeek: number | undefined
  for (let week = 0; week < weeks; week++) {
    noise = nextNoise(noise, chance)
    latent.noise.push(noise)
    engagement.push(engagementIn(week, latent, noise))
    if (decidesIn(week) && chance.happens(leavingHazard(engagement, ease, chance))) {
      latent.decidedWeek = week
      churnWeek = week + chance.whole(...notice)
      break
    }
  }
  if (churnWeek !== undefined && churnWeek >= weeks) churnWeek = undefined
  if (churnWeek !== undefined) {
    const last = engagement.at(-1) ?? 0.1
    while (engagement.length < churnWeek) engagement.push(Math.max(0.01, last * 0.6))
  }
  return { engagement, troubleWeek: trouble?.week, cause: trouble?.cause, churnWeek, latent }
}

export const shareInTrouble = 0.3

/** Weeks from the decision to the end, at least and at most. */
export const notice = [1, 4] as const

/** The trouble that comes upon a customer. Its size is drawn for all, so that the numbers that follow are the same. */
export function troubleOf(chance: Chance, weeks: number, comes: boolean): Trouble | undefined {
  const cause = comes ? chance.weighted(causes) : undefined
  const week =
    cause === undefined
      ? undefined
      : cause === 'stalled_onboarding'
        ? chance.whole(3, 8)
        : chance.whole(8, Math.max(9, weeks))
  const depth = chance.between(0.45, 0.9)
  const fall = chance.between(6, 10)
  const recovers = chance.happens(shareOfRecoveries)
  return cause && week !== undefined ? { cause, week, depth, fall, recovers } : undefined
}

export const shareOfRecoveries = 0.3

/** Weeks from the beginning of trouble after which whoever recovers begins to. */
export function recoveryAfter({ fall }: Trouble): number {
  return fall + 4
}

export function nextNoise(noise: number, chance: Chance): number {
  return 0.7 * noise + 0.06 * chance.normal()
}

/** The engagement of a week. */
export function engagementIn(
  week: number,
  { level, slope, trouble }: Pick<Latent, 'level' | 'slope' | 'trouble'>,
  noise: number,
): number {
  // The first weeks are training and trying out.
  const settling = Math.min(1, 0.35 + week * 0.11)
  let value = (level + slope * week) * settling + noise
  if (trouble && week >= trouble.week) {
    const since = week - trouble.week
    const pull = trouble.depth * Math.min(1, since / trouble.fall)
    const isRecovering = trouble.recovers && since > recoveryAfter(trouble)
    value *= 1 - (isRecovering ? pull * Math.max(0, 1 - (since - trouble.fall - 4) / 8) : pull)
  }
  return Math.min(0.98, Math.max(0.01, value))
}

/** Each month it decides whether it stays, not in its first two. */
export function decidesIn(week: number): boolean {
  return week >= 8 && week % 4 === 0
}

/** Chance of a decision to leave, by the engagement of the last six weeks and a mood of its own. */
export function leavingHazard(engagement: readonly number[], ease: number, chance: Chance): number {
  const recent = engagement.slice(-6)
  const mean = recent.reduce((sum, item) => sum + item, 0) / recent.length
  // At an engagement of 0.6 about 0.6 % a month leave, at 0.15 about 22 %.
  return ease * logistic(-0.1 - 8.4 * mean + 0.35 * chance.normal())
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
