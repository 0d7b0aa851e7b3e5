import { busyness } from './behaviour.ts'
import { dateOf } from './calendar.ts'
import { features } from './plans.ts'
import type { Story, Use, World } from './world.ts'

/** Share of the people of a free plan who come on a busy day. */
const casual = 0.12

/**
 * How the people of a customer use the product: each comes on a day by the customer's engagement of that week, their own
 * habit and how busy the day is. Whoever comes does the common things often and the rare ones seldom; a customer takes up
 * only some features, and in trouble drops the demanding ones first.
 */
export function usageOf(world: World, story: Story): Use[] {
  const { chance, course, plan, startDay } = story
  const last = Math.min(story.endDay ?? world.today, world.today)
  const scale = plan.name === 'Free' ? casual : 1
  const taken = features.filter(([, common]) => chance.happens(0.35 + common))
  const use: Use[] = []
  for (let day = startDay; day < last; day++) {
    const busy = busyness(dateOf(day))
    const week = Math.min(course.engagement.length - 1, Math.floor((day - startDay) / 7))
    const engagement = course.engagement[week] ?? 0.1
    for (const [place, contact] of story.contacts.entries()) {
      if (day < contact.firstDay || day > contact.lastDay) continue
      if (!chance.happens(engagement * contact.activity * busy * scale)) continue
      for (const [feature, common] of taken) {
        // Demanding features need an engaged customer.
        const share = common === 1 ? 1 : common * (0.3 + engagement)
        if (!chance.happens(share)) continue
        use.push({ contact: place, day, feature, events: 1 + chance.count(1 + 4 * common * engagement) })
      }
    }
  }
  return use
}
