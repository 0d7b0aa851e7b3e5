import {
  decidesIn,
  engagementIn,
  type Latent,
  leavingHazard,
  nextNoise,
  notice,
  recoveryAfter,
  shareInTrouble,
  shareOfRecoveries,
  type Trouble,
  troubleOf,
} from './behaviour.ts'
import { Chance } from './chance.ts'
import type { Story } from './world.ts'

export interface TruthQuestion {
  /** The day from which on it is asked; the customer is still there. */
  day: number
  /** Within how many days it leaves. */
  within: number
  /** Continuations that are played. */
  runs: number
  seed: number
}

/** What is known at the end of a week. */
interface Known {
  latent: Latent
  /** Week of the observation, from 0. */
  week: number
  /** Engagement of each week until then. */
  engagement: readonly number[]
  /** Trouble that shows by then: its engagement is below what the customer's own level gives. */
  trouble: Trouble | undefined
}

/**
 * The true probability that a customer of the demo leaves within some days, given all that drives it until a day: the
 * best that anybody could say who saw its engagement itself instead of the traces of it. Worked out by playing how it goes
 * on many times, by the generator's own rules.
 *
 * It uses its level and slope, its engagement and what was off by chance in each week until the one of the day, and trouble
 * that began before that week with its cause, depth and speed. Whether trouble that goes on will pass is known only once it
 * passes; trouble that did not show is as likely as the generator makes it. A decision to leave is known from the
 * week after it, when engagement drops. Nothing of a later week is used.
 */
export function leavingProbability(story: Story, { day, within, runs, seed }: TruthQuestion): number {
  const { latent, engagement } = story.course
  const week = Math.floor((day - story.startDay) / 7)
  const chance = new Chance(seed)
  /** Whether an end in a week falls into the time asked for. */
  const counts = (end: number) => story.startDay + end * 7 > day && story.startDay + end * 7 <= day + within
  const decided = latent.decidedWeek
  if (decided !== undefined && decided < week) {
    const ends = noticeWeeks.map(weeks => decided + weeks).filter(end => story.startDay + end * 7 > day)
    return ends.filter(counts).length / Math.max(1, ends.length)
  }
  const trouble = latent.trouble && latent.trouble.week < week ? latent.trouble : undefined
  const known = { latent, week, engagement: engagement.slice(0, week + 1), trouble }
  const last = week + Math.ceil(within / 7)
  let sum = 0
  for (let run = 0; run < runs; run++) sum += playOn(known, last, counts, chance)
  return sum / runs
}

const noticeWeeks = Array.from({ length: notice[1] - notice[0] + 1 }, (_, place) => notice[0] + place)

/** One way in which it may go on: the probability that it leaves in time, weighed at each decision instead of drawn. */
function playOn(known: Known, last: number, counts: (end: number) => boolean, chance: Chance): number {
  const { latent, week } = known
  const trouble = known.trouble ? unfolding(known.trouble, week, chance) : yetToCome(latent.weeks, week, chance)
  const engagement = known.engagement.slice(-6)
  let noise = latent.noise[week] ?? 0
  let stays = 1
  let leaves = 0
  for (let now = week; now <= last; now++) {
    if (now > week) {
      noise = nextNoise(noise, chance)
      engagement.push(engagementIn(now, { ...latent, trouble }, noise))
    }
    if (!decidesIn(now)) continue
    const hazard = leavingHazard(engagement, latent.ease, chance)
    const inTime = noticeWeeks.filter(weeks => counts(now + weeks)).length / noticeWeeks.length
    leaves += stays * hazard * inTime
    stays *= 1 - hazard
  }
  return leaves
}

/** Trouble that shows; whether it will pass is open until it does. */
function unfolding(trouble: Trouble, week: number, chance: Chance): Trouble {
  if (week - trouble.week > recoveryAfter(trouble)) return trouble
  return { ...trouble, recovers: chance.happens(shareOfRecoveries) }
}

/** Trouble as it may still come to a customer that shows none by a week: drawn until it fits what was seen. */
function yetToCome(weeks: number, week: number, chance: Chance): Trouble | undefined {
  for (;;) {
    const trouble = troubleOf(chance, weeks, chance.happens(shareInTrouble))
    if (!trouble || trouble.week >= week) return trouble
  }
}
