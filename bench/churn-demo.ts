/**
 * How well the demo's own truth tells who leaves: 1,000 customers that left within 90 days of the day on which they are
 * seen, and 5,000 that did not, each seen once. The figures are what the generator's true probabilities reach
 * (`server/collect/demo/truth.ts`). Thresholds are chosen on one half and reported on the other, both ways. Pure: no database.
 *
 * On days drawn alike for everybody no score can rank better than these probabilities, except by luck. Where those
 * that stayed are customers that are there to this day, telling them apart is easier, and the probability of the next 90
 * days is not quite the best score for it.
 */
import { Chance } from '../server/collect/demo/chance.ts'
import { storyOf } from '../server/collect/demo/story.ts'
import { leavingProbability } from '../server/collect/demo/truth.ts'
import type { Story, World } from '../server/collect/demo/world.ts'
import { areaUnderCurve } from '../server/signals/scorecards/backtest.ts'

const left = 1_000
const stayed = 5_000
const horizon = 90
/** Days of use that somebody has to be able to look back on. */
const history = 56
const rounds = 400

interface Seen {
  probability: number
  churned: boolean
}

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

report('any day of customers that are there on it', observe(anyDay))
report('a day of the 90 before leaving, or any of those that are there to this day', observe(byOutcome(1)))
report('the same, four weeks and more before leaving: nobody has decided yet', observe(byOutcome(29)))

function between(from: number, until: number, chance: Chance): number | undefined {
  return from > until ? undefined : chance.whole(from, until)
}

function observe(drawing: Drawing): Seen[] {
  const chance = new Chance(4_711)
  const seen: Seen[] = []
  let [churned, loyal] = [0, 0]
  for (let number = 0; churned < left || loyal < stayed; number++) {
    const story = storyOf(world, number)
    const day = drawing(story, chance)
    if (day === undefined) continue
    const leaves = story.endDay !== undefined && story.endDay <= day + horizon
    if (leaves ? churned >= left : loyal >= stayed) continue
    if (leaves) churned += 1
    else loyal += 1
    const probability = leavingProbability(story, { day, within: horizon, runs: 300, seed: number })
    seen.push({ probability, churned: leaves })
  }
  return seen
}

function report(drawn: string, seen: Seen[]): void {
  const chance = new Chance(99)
  const half = seen.map(() => chance.happens(0.5))
  const halves = [seen.filter((_, place) => half[place]), seen.filter((_, place) => !half[place])] as const
  console.log(`\n${drawn}: ${left} left within ${horizon} days, ${stayed} did not (prevalence 16.7 %)`)
  const auc = (sample: readonly Seen[]) =>
    areaUnderCurve(sample.map(({ probability, churned }) => ({ score: -probability, churned, band: '' })))
  console.log(`AUC ${interval(auc(seen), resampled(seen, auc))}`)
  tell('best F1', halves, at => at.f1)
  tell('recall of 91 %', halves, at => (at.recall >= 0.91 ? at.precision : -1))
  tell('precision of 82 %', halves, at => (at.precision >= 0.82 ? at.recall : -1))
}

/** Figures at the threshold that is best on the other half. */
function tell(name: string, [one, other]: readonly [Seen[], Seen[]], worth: (at: Figures) => number): void {
  const marked = [...mark(other, best(one, worth)), ...mark(one, best(other, worth))]
  const line = (['precision', 'recall', 'f1', 'accuracy'] as const).map(
    figure =>
      `${figure} ${interval(
        figuresOf(marked)[figure],
        resampled(marked, sample => figuresOf(sample)[figure]),
      )}`,
  )
  console.log(`threshold for the ${name}: ${line.join(', ')}`)
}

interface Marked {
  churned: boolean
  marked: boolean
}

function mark(seen: readonly Seen[], threshold: number): Marked[] {
  return seen.map(({ probability, churned }) => ({ churned, marked: probability >= threshold }))
}

interface Figures {
  precision: number
  recall: number
  f1: number
  accuracy: number
}

function figuresOf(sample: readonly Marked[]): Figures {
  let [right, alarms, missed] = [0, 0, 0]
  for (const { churned, marked } of sample) {
    if (marked && churned) right += 1
    else if (marked) alarms += 1
    else if (churned) missed += 1
  }
  return figures(right, alarms, missed, sample.length)
}

function figures(right: number, alarms: number, missed: number, all: number): Figures {
  return {
    precision: right / Math.max(1, right + alarms),
    recall: right / Math.max(1, right + missed),
    f1: (2 * right) / Math.max(1, 2 * right + alarms + missed),
    accuracy: 1 - (alarms + missed) / all,
  }
}

/** The threshold that is worth most. */
function best(seen: readonly Seen[], worth: (at: Figures) => number): number {
  const sorted = [...seen].sort((one, other) => other.probability - one.probability)
  const churned = sorted.filter(each => each.churned).length
  let [right, most, threshold] = [0, Number.NEGATIVE_INFINITY, 1]
  for (const [place, each] of sorted.entries()) {
    if (each.churned) right += 1
    if (sorted[place + 1]?.probability === each.probability) continue
    const value = worth(figures(right, place + 1 - right, churned - right, sorted.length))
    if (value > most) [most, threshold] = [value, each.probability]
  }
  return threshold
}

function resampled<Item>(sample: readonly Item[], figure: (sample: readonly Item[]) => number): number[] {
  const chance = new Chance(1)
  const draw = () => sample.map(() => chance.pick(sample))
  return Array.from({ length: rounds }, () => figure(draw())).sort((one, other) => one - other)
}

/** A figure with the middle 95 % of what resampling gives. */
function interval(figure: number, sorted: readonly number[]): string {
  const [low, high] = [sorted[Math.floor(rounds * 0.025)]!, sorted[Math.floor(rounds * 0.975)]!]
  return `${figure.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}
