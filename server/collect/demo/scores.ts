import { workingMoment } from './calendar.ts'
import type { Row, Story, World } from './world.ts'

/** Weeks between the scores that the demo keeps. */
const step = 2
/** Scores that it keeps of each customer. */
const most = 13

/** Health scores of a customer by its own course, so that the pages of the demo have a history before any engine ran. */
export function scoresOf(world: World, story: Story): Row[] {
  const { engagement } = story.course
  if (story.plan.name === 'Free') return []
  const rows: Row[] = []
  let before: number | undefined
  const first = Math.max(3, engagement.length - step * most)
  for (let week = first; week < engagement.length; week += step) {
    const recent = engagement.slice(Math.max(0, week - 3), week + 1)
    const mean = recent.reduce((sum, value) => sum + value, 0) / recent.length
    const isTight = story.course.cause === 'budget_cut' && week > (story.course.troubleWeek ?? 0)
    const engagementScore = bounded(mean * 118)
    const successScore = bounded(22 + mean * 88)
    const satisfactionScore = bounded(38 + mean * 62 - (story.course.cause === 'bad_support' ? 18 : 0))
    const financialScore = isTight ? 45 : bounded(72 + mean * 24)
    const overallScore = bounded(
      0.3 * engagementScore + 0.3 * successScore + 0.2 * satisfactionScore + 0.2 * financialScore,
    )
    rows.push({
      id: world.id(),
      values: {
        customerId: story.customer.id,
        scoredAt: workingMoment(Math.min(world.today - 1, story.startDay + week * 7), 0.1),
        overallScore,
        engagementScore,
        successScore,
        satisfactionScore,
        financialScore,
        level: overallScore >= 80 ? 'EXCELLENT' : overallScore >= 60 ? 'GOOD' : overallScore >= 40 ? 'FAIR' : 'POOR',
        trend:
          before === undefined
            ? 'UNKNOWN'
            : Math.abs(overallScore - before) < 2
              ? 'STABLE'
              : overallScore > before
                ? 'IMPROVING'
                : 'DECLINING',
      },
    })
    before = overallScore
  }
  return rows
}

function bounded(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)) * 10) / 10
}
