import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { aroundOf } from './around.ts'
import { storyOf } from './story.ts'
import { successOf } from './success.ts'
import type { World } from './world.ts'

let last = 0
const world: World = {
  seed: 5,
  customers: 1_000,
  months: 18,
  today: 20_777,
  owners: ['a', 'b'],
  id: () => String(last++),
}
const stories = Array.from({ length: 1_000 }, (_, number) => storyOf(world, number)).filter(
  story => story.course.engagement.length > 20,
)

/** Days of use a week of the customer's people, over weeks before a day. */
function activity(story: (typeof stories)[number], until: number, weeks: number): number {
  const days = new Set(
    story.use.filter(use => use.day < until && use.day >= until - weeks * 7).map(use => `${use.contact} ${use.day}`),
  )
  return days.size / weeks / story.contacts.length
}

/** Share of pairs in which the one who left had the lower value: 0.5 is chance, 1 certainty. */
function separation(left: number[], stayed: number[]): number {
  let wins = 0
  for (const one of left) for (const other of stayed) wins += one < other ? 1 : one === other ? 0.5 : 0
  return wins / (left.length * stayed.length)
}

describe('customers of the demo', () => {
  const left = stories.filter(story => story.endDay !== undefined)
  const stayed = stories.filter(story => story.endDay === undefined)

  it('leave by a share that a company could have', () => {
    expect(left.length / stories.length).toBeGreaterThan(0.1)
    expect(left.length / stories.length).toBeLessThan(0.4)
  })

  it('leave after their use fell, weeks before, and not without exception', () => {
    const weeksBefore = (weeks: number) =>
      separation(
        left.map(story => activity(story, story.endDay! - weeks * 7, 4)),
        stayed.map(story => activity(story, world.today - weeks * 7, 4)),
      )
    expect(weeksBefore(1)).toBeGreaterThan(0.75)
    expect(weeksBefore(4)).toBeGreaterThan(0.7)
    expect(weeksBefore(1)).toBeLessThan(0.99)
  })

  it('show causes: champions leave before the customer does', () => {
    const withoutChampion = left.filter(story => story.course.cause === 'champion_left')
    expect(withoutChampion.length).toBeGreaterThan(5)
    for (const story of withoutChampion) {
      const champion = story.contacts[0]!
      expect(champion.values.leftOn).not.toBeNull()
      expect(champion.lastDay).toBeLessThanOrEqual(story.endDay!)
    }
  })

  it('use the product on working days, and less in holidays', () => {
    const byWeekday = new Map<number, number>()
    for (const story of stories) {
      for (const use of story.use) {
        const weekday = new Date(use.day * 86_400_000).getUTCDay()
        byWeekday.set(weekday, (byWeekday.get(weekday) ?? 0) + 1)
      }
    }
    expect(byWeekday.get(0)!).toBeLessThan(byWeekday.get(2)! / 8)
  })

  it('stay what they are for the same seed', () => {
    let id = 0
    const small: World = { ...world, seed: 11, customers: 400, months: 14, id: () => String(id++) }
    const hash = createHash('sha256')
    for (let number = 0; number < 60; number++) {
      const { chance, course, ...story } = storyOf(small, number)
      const { engagement, troubleWeek, cause, churnWeek } = course
      const around = aroundOf(small, { ...story, course, chance })
      const success = successOf(small, { ...story, course, chance })
      hash.update(JSON.stringify([story, engagement, troubleWeek, cause, churnWeek, around, success, chance.share()]))
    }
    expect(hash.digest('hex')).toBe('ccd05f03c0f61717b927d3ff55ff449c1e8ed7e47a6aba0a53a6224b295fca7f')
  })
})
