import { describe, expect, it } from 'vitest'
import { Chance } from './chance.ts'
import { storyOf } from './story.ts'
import { leavingProbability } from './truth.ts'
import type { Story, World } from './world.ts'

const world: World = {
  seed: 21,
  customers: 10_000,
  months: 24,
  today: 20_777,
  owners: ['a', 'b'],
  id: () => '',
}
const within = 90

/**
 * Customers on a day whose next 90 are known, with what was true and what came. The day is drawn whatever comes: drawn
 * from the days until they leave, days shortly before would be too many.
 */
const seen: { story: Story; day: number; probability: number; left: boolean }[] = []
const chance = new Chance(3)
for (let number = 0; number < 3_000; number++) {
  const story = storyOf(world, number)
  if (story.startDay + 14 > world.today - within) continue
  const day = chance.whole(story.startDay + 14, world.today - within)
  if (story.endDay !== undefined && story.endDay <= day) continue
  const probability = leavingProbability(story, { day, within, runs: 100, seed: number })
  seen.push({ story, day, probability, left: story.endDay !== undefined && story.endDay <= day + within })
}

describe('the truth of the demo', () => {
  it('is what comes: of those with a probability as many leave, in each band of it', () => {
    for (const [from, to] of [
      [0, 0.01],
      [0.01, 0.03],
      [0.03, 0.1],
      [0.1, 0.3],
      [0.3, 1.01],
    ] as const) {
      const band = seen.filter(({ probability }) => probability >= from && probability < to)
      const expected = band.reduce((sum, { probability }) => sum + probability, 0)
      const variance = band.reduce((sum, { probability }) => sum + probability * (1 - probability), 0)
      const left = band.filter(each => each.left).length
      expect(band.length).toBeGreaterThan(50)
      expect(Math.abs(left - expected)).toBeLessThan(3.5 * Math.sqrt(variance) + 1)
    }
  })

  it('uses nothing of what comes after the day', () => {
    for (const { story, day, probability } of seen.slice(0, 200)) {
      const week = Math.floor((day - story.startDay) / 7)
      const { course } = story
      const { latent } = course
      const isHidden = latent.decidedWeek === undefined || latent.decidedWeek >= week
      const later = {
        ...course,
        engagement: course.engagement.slice(0, week + 1),
        churnWeek: undefined,
        latent: {
          ...latent,
          noise: latent.noise.slice(0, week + 1),
          trouble: latent.trouble && latent.trouble.week >= week ? undefined : latent.trouble,
          decidedWeek: isHidden ? undefined : latent.decidedWeek,
        },
      }
      const question = { day, within, runs: 100, seed: story.number }
      expect(leavingProbability({ ...story, endDay: undefined, course: later }, question)).toBe(probability)
    }
  })
})
