/**
 * The best that somebody could say who knows every rule of the demo's generator and sees what a customer does, but not
 * what drives it: a particle filter (bootstrap filter, Gordon, Salmond and Smith 1993) over level, slope, trouble, noise
 * and decision of one customer. No model that learns from the same traces can rank better than its exact form.
 */
import {
  busyness,
  decidesIn,
  engagementIn,
  leavingHazard,
  nextNoise,
  notice,
  shareInTrouble,
  type Trouble,
  troubleOf,
} from '../../server/collect/demo/behaviour.ts'
import { dateOf } from '../../server/collect/demo/calendar.ts'
import { Chance } from '../../server/collect/demo/chance.ts'
import { features } from '../../server/collect/demo/plans.ts'
import type { Story } from '../../server/collect/demo/world.ts'

interface Particle {
  level: number
  slope: number
  trouble: Trouble | undefined
  noise: number
  /** Of the last six weeks, the newest last. */
  recent: number[]
  hasDropped: boolean
  /** Week in which it ends, once it has decided. */
  end: number | undefined
}

export interface ObserverWish {
  /** Days on which it is asked, in their order; the customer is still there on each. */
  days: readonly number[]
  within: number
  particles: number
  seed: number
}

/** Steps of engagement for which a week's use is weighed; between them it is interpolated. */
const steps = 32
/** Customers as they might be that are followed from each day on. */
const followed = 250
const share = features.map(([, common]) => common)
const placeOf = new Map(features.map(([name], place) => [name, place]))

/** Probability, on each of the days, that the customer leaves within some days, given what could be seen of it until then. */
export function observedProbabilities(story: Story, { days, within, particles, seed }: ObserverWish): number[] {
  const chance = new Chance(seed)
  const { startDay } = story
  const use = seenUseOf(story)
  const told: number[] = []
  let cloud = Array.from({ length: particles }, () => begin(story, chance))
  let weights = new Float64Array(particles).fill(1)
  for (let week = 0; told.length < days.length; week++) {
    heedChampion(cloud, weights, week - 1, championGone(story, startDay + 7 * week), chance)
    for (let place = 0; place < particles; place++) {
      const particle = cloud[place]!
      if (particle.end !== undefined && particle.end <= week) weights[place] = 0
      if (weights[place]! > 0) live(particle, week, chance)
    }
    for (let day = days[told.length]; day !== undefined && day < startDay + 7 * (week + 1); day = days[told.length]) {
      const until = weighed(cloud, weights, weighUse(story, use, startDay + 7 * week, day))
      const sample = resample(cloud, until, Math.min(particles, followed), chance)
      told.push(mean(sample.map(particle => goOn(particle, story, week, day, within, chance))))
    }
    weights = weighed(cloud, weights, weighUse(story, use, startDay + 7 * week, startDay + 7 * (week + 1)))
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0)
    if (1 / squares < particles / 2) {
      cloud = resample(cloud, weights, particles, chance)
      weights.fill(1 / particles)
    }
    if (!decidesIn(week)) continue
    for (const particle of cloud) if (particle.end === undefined) decide(particle, week, story.plan.ease, chance)
  }
  return told
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** What each person did on each day, and what of the product the customer uses at all. */
interface SeenUse {
  taken: number[]
  /** By day and person: events by feature. */
  came: Map<number, Map<number, number>>
}

const mostPeople = 64

function seenUseOf(story: Story): SeenUse {
  const came: SeenUse['came'] = new Map()
  const taken = new Set<number>()
  for (const { day, contact, feature, events } of story.use) {
    const place = placeOf.get(feature)!
    taken.add(place)
    const key = day * mostPeople + contact
    const own = came.get(key) ?? new Map<number, number>()
    own.set(place, events)
    came.set(key, own)
  }
  return { taken: [...taken], came }
}

/** Log-likelihood of the use from a day until before another, by engagement, less its maximum. */
function weighUse(story: Story, { taken, came }: SeenUse, from: number, until: number): Float64Array {
  const scale = story.plan.name === 'Free' ? 0.12 : 1
  const said = new Float64Array(steps)
  for (let day = from; day < until; day++) {
    const busy = busyness(dateOf(day)) * scale
    for (const [place, { firstDay, lastDay, activity }] of story.contacts.entries()) {
      if (day < firstDay || day > lastDay) continue
      const used = came.get(day * mostPeople + place)
      for (let step = 0; step < steps; step++) {
        const engagement = engagementOf(step)
        const probability = engagement * activity * busy
        said[step]! += used ? Math.log(probability) + weighFeatures(taken, used, engagement) : Math.log(1 - probability)
      }
    }
  }
  const most = Math.max(...said)
  return said.map(value => value - most)
}

function weighFeatures(taken: readonly number[], used: ReadonlyMap<number, number>, engagement: number): number {
  let sum = 0
  for (const feature of taken) {
    const common = share[feature]!
    const events = used.get(feature)
    const shown = Math.min(1, common * (0.3 + engagement))
    if (common < 1) sum += Math.log(events === undefined ? 1 - shown : shown)
    if (events === undefined) continue
    const often = 1 + 4 * common * engagement
    sum += (events - 1) * Math.log(often) - often
  }
  return sum
}

/** Week of the trouble that a champion's leaving tells, once it has left. */
function championGone({ contacts, startDay }: Story, day: number): number | undefined {
  const champion = contacts.find(({ values }) => typeof values.leftOn === 'string')
  if (!champion || champion.lastDay >= day) return undefined
  return Math.floor((champion.lastDay - startDay + 6) / 7)
}

/** Weights after what was seen of a week, summing to 1. */
function weighed(cloud: readonly Particle[], weights: Float64Array, said: Float64Array): Float64Array<ArrayBuffer> {
  const after = new Float64Array(weights.length)
  let sum = 0
  for (const [place, particle] of cloud.entries()) {
    if (weights[place]! > 0) after[place] = weights[place]! * likelihood(said, particle.recent.at(-1)!)
    sum += after[place]!
  }
  return sum > 0 ? after.map(weight => weight / sum) : Float64Array.from(weights)
}

/**
 * What the champion tells: who sees it leave knows that this trouble begins; who sees it there in a week knows that this
 * trouble has not begun. How deep it will go is as open as before.
 */
function heedChampion(
  cloud: Particle[],
  weights: Float64Array,
  week: number,
  gone: number | undefined,
  chance: Chance,
) {
  for (const [place, particle] of cloud.entries()) {
    const { trouble } = particle
    const begun = trouble && trouble.week <= week ? trouble : undefined
    if (gone === undefined) {
      if (begun?.cause === 'champion_left') weights[place] = 0
    } else if (trouble?.cause === 'champion_left' && trouble.week === gone) {
    } else if (begun) {
      weights[place] = 0
    } else {
      particle.trouble = { ...troubleOf(chance, gone, true)!, cause: 'champion_left', week: gone }
    }
  }
}

function engagementOf(step: number): number {
  return 0.005 + 0.98 * (step / (steps - 1)) ** 2
}

function likelihood(said: Float64Array, engagement: number): number {
  const place = Math.sqrt(Math.max(0, (engagement - 0.005) / 0.98)) * (steps - 1)
  const below = Math.min(steps - 2, Math.floor(place))
  return Math.exp(said[below]! + (place - below) * (said[below + 1]! - said[below]!))
}

/** A customer as it might be. */
function begin(story: Story, chance: Chance): Particle {
  const { weeks } = story.course.latent
  return {
    level: 1 / (1 + Math.exp(-(0.55 + 0.75 * chance.normal()))),
    slope: 0.0015 * chance.normal(),
    trouble: troubleOf(chance, weeks, chance.happens(shareInTrouble)),
    noise: 0,
    recent: [],
    hasDropped: false,
    end: undefined,
  }
}

/** A week goes by. */
function live(particle: Particle, week: number, chance: Chance): void {
  let engagement: number
  if (particle.end === undefined) {
    particle.noise = nextNoise(particle.noise, chance)
    engagement = engagementIn(week, particle, particle.noise)
  } else {
    // Whoever has decided comes less from the next week on, and no less after it.
    engagement = particle.recent.at(-1)! * (particle.hasDropped ? 1 : 0.6)
    particle.hasDropped = true
  }
  particle.recent = [...particle.recent.slice(-5), Math.max(0.01, engagement)]
}

function decide(particle: Particle, week: number, ease: number, chance: Chance): void {
  if (chance.happens(leavingHazard(particle.recent, ease, chance))) particle.end = week + chance.whole(...notice)
}

/** Draws some anew by weight (systematic resampling). */
function resample(cloud: readonly Particle[], weights: Float64Array, count: number, chance: Chance): Particle[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const offset = chance.share()
  const drawn: Particle[] = []
  let sum = 0
  let place = -1
  for (let number = 0; number < count; number++) {
    while (sum <= ((number + offset) / count) * whole && place < cloud.length - 1) sum += weights[++place]!
    drawn.push({ ...cloud[place]! })
  }
  return drawn
}

/** Probability that a customer as it might be leaves in time. */
function goOn(particle: Particle, story: Story, week: number, day: number, within: number, chance: Chance): number {
  const counts = (end: number) => story.startDay + end * 7 > day && story.startDay + end * 7 <= day + within
  if (particle.end !== undefined) return counts(particle.end) ? 1 : 0
  const noticeWeeks = Array.from({ length: notice[1] - notice[0] + 1 }, (_, place) => notice[0] + place)
  let [stays, leaves] = [1, 0]
  for (let now = week; now <= week + Math.ceil(within / 7); now++) {
    if (now > week) live(particle, now, chance)
    if (!decidesIn(now)) continue
    const hazard = leavingHazard(particle.recent, story.plan.ease, chance)
    leaves += (stays * hazard * noticeWeeks.filter(weeks => counts(now + weeks)).length) / noticeWeeks.length
    stays *= 1 - hazard
  }
  return leaves
}
