/** What the generator's own true probabilities reach: pure, no database, every customer seen once. */
import { Chance } from '../../server/collect/demo/chance.ts'
import { storyOf } from '../../server/collect/demo/story.ts'
import { leavingProbability } from '../../server/collect/demo/truth.ts'
import type { Story, World } from '../../server/collect/demo/world.ts'
import type { Sample } from './figures-by-customer.ts'

const left = 1_000
const stayed = 5_000
const horizon = 90
/** Days of use that somebody has to be able to look back on. */
const history = 56

const world: World = {
  seed: 77,
  customers: 10_000,
  months: 24,
  today: 20_777,
  owners: ['a', 'b', 'c'],
  id: () => '',
}

/** Who is seen on which day. */
type Drawing = (story: Story, chance: Chance) => number | undefined

/** Any day whose next 90 are known, whatever comes; a customer that had left by then is not seen. */
const anyDay: Drawing = (story, chance) => {
  const day = between(story.startDay + history, world.today - horizon, chance)
  return day === undefined || (story.endDay ?? world.today) <= day ? undefined : day
}

/** Of those that left a day of the 90 before it, of those that are there to this day any. */
const byOutcome =
  (least: number): Drawing =>
  (story, chance) =>
    story.endDay === undefined
      ? between(story.startDay + history, world.today - horizon, chance)
      : between(Math.max(story.startDay + history, story.endDay - horizon), story.endDay - least, chance)

/**
 * 1,000 customers that left within 90 days of the day on which they are seen, and 5,000 that did not.
 *
 * On days drawn alike for everybody no score can rank better than the true probabilities, except by luck. Where those
 * that stayed are customers that are there to this day, telling them apart is easier, and the probability of the next 90
 * days is not quite the best score for it.
 */
export function ceilings(): { drawn: string; sample: Sample }[] {
  return [
    { drawn: 'any day of customers that are there on it', sample: observe(anyDay) },
    {
      drawn: 'a day of the 90 before leaving, or any of those that are there to this day',
      sample: observe(byOutcome(1)),
    },
    { drawn: 'the same, four weeks and more before leaving: nobody has decided yet', sample: observe(byOutcome(29)) },
  ]
}

function between(from: number, until: number, chance: Chance): number | undefined {
  return from > until ? undefined : chance.whole(from, until)
}

function observe(drawing: Drawing): Sample {
  const chance = new Chance(4_711)
  const [customers, labels, probabilities]: [number[], number[], number[]] = [[], [], []]
  let [churned, loyal] = [0, 0]
  for (let number = 0; churned < left || loyal < stayed; number++) {
    const story = storyOf(world, number)
    const day = drawing(story, chance)
    if (day === undefined) continue
    const leaves = story.endDay !== undefined && story.endDay <= day + horizon
    if (leaves ? churned >= left : loyal >= stayed) continue
    if (leaves) churned += 1
    else loyal += 1
    customers.push(number)
    labels.push(leaves ? 1 : 0)
    probabilities.push(leavingProbability(story, { day, within: horizon, runs: 300, seed: number }))
  }
  return {
    customers: Int32Array.from(customers),
    labels: Uint8Array.from(labels),
    methods: [{ name: 'truth', scores: Float64Array.from(probabilities) }],
  }
}
