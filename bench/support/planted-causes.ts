/** Whether the reasons that the product gives for a customer's chance of leaving hold what the generator planted. */
import type { Cause } from '../../server/collect/demo/behaviour.ts'
import type { Story } from '../../server/collect/demo/world.ts'
import type { Model } from '../../server/platform/learning/model.ts'
import type { TrainingSet } from '../../server/platform/learning/training-set.ts'
import { leadingParts } from '../../server/signals/churn/factors.ts'
import { familyOf } from '../../server/signals/churn/families.ts'

/** Matters (`families.ts`) that tell of a cause: what the generator lets follow from it beside less use. */
const matters: Record<Cause, readonly string[]> = {
  champion_left: ['champion'],
  bad_support: ['support', 'satisfaction'],
  budget_cut: ['payment', 'price'],
  // Nothing but less use and fewer features follows from a poor fit; a stalled onboarding is never completed.
  poor_fit: ['use', 'breadth', 'onboarding'],
  stalled_onboarding: ['use', 'breadth', 'onboarding'],
}

/** From the others nothing follows but less use, which nearly all reasons of leaving begin with anyhow. */
const withOwnTrace: readonly Cause[] = ['champion_left', 'bad_support', 'budget_cut']

/** Days between a look at a customer and its leaving, at most: looks are 30 days apart. */
const latest = 30

/** Rows of customers that left after trouble that had begun when they were seen last. */
export function rowsToExplain({ groups, times }: TrainingSet, stories: readonly Story[]): Int32Array {
  return Int32Array.from(groups, (_, row) => row).filter(row => {
    const { startDay, endDay, course } = stories[groups[row]!]!
    if (endDay === undefined || course.cause === undefined || course.troubleWeek === undefined) return false
    const day = times[row]!
    const hasBegun = startDay + course.troubleWeek * 7 <= day && course.troubleWeek < (course.latent.decidedWeek ?? 0)
    return hasBegun && endDay > day && endDay <= day + latest
  })
}

export interface Reasons {
  cause: Cause
  /** Matters that raise the chance, the largest first. */
  raising: string[]
}

/** The matters of rows, by a model that had not seen their customers, as the product orders and joins them. */
export function reasonsOf(model: Model, set: TrainingSet, rows: Int32Array, stories: readonly Story[]): Reasons[] {
  const features = model.columns().map(({ name }) => name)
  const { columns } = model.explain(set.table, rows)
  return Array.from(rows, (row, place) => {
    const parts = columns.map(column => column[place]!)
    const raising = leadingParts(set.table, row, features, parts, features.length).filter(({ part }) => part > 0)
    return { cause: stories[set.groups[row]!]!.course.cause!, raising: raising.map(({ feature }) => familyOf(feature)) }
  })
}

/** Whether the planted cause is among the first so many matters. */
function isNamed({ cause, raising }: Reasons, most: number): boolean {
  return raising.slice(0, most).some(family => matters[cause].includes(family))
}

/** Prints how often the first three name the cause; beside each cause how often they say so where another was planted. */
export function tellReasons(name: string, all: readonly Reasons[]): number {
  const share = (reasons: readonly boolean[]) => reasons.filter(is => is).length / Math.max(1, reasons.length)
  const named = share(all.map(each => isNamed(each, 3)))
  const deviation = Math.sqrt((named * (1 - named)) / Math.max(1, all.length))
  console.log(
    `${name}: the planted cause is among the first three reasons of ${percent(named)} ± ${percent(1.96 * deviation)} of ${all.length}`,
  )
  const traced = all.filter(({ cause }) => withOwnTrace.includes(cause))
  console.log(
    `  of the ${traced.length} by ${withOwnTrace.join(', ')}: ${percent(share(traced.map(each => isNamed(each, 3))))}`,
  )
  for (const [cause, families] of Object.entries(matters) as [Cause, readonly string[]][]) {
    const own = all.filter(each => each.cause === cause)
    const others = all.filter(each => !matters[each.cause].some(family => families.includes(family)))
    const ranks = [1, 2, 3, 5].map(most => percent(share(own.map(each => isNamed(each, most)))))
    const elsewhere = percent(share(others.map(({ raising }) => isNamed({ cause, raising }, 3))))
    console.log(
      `  ${cause} (${families.join(', ')}), ${own.length}: first ${ranks[0]}, two ${ranks[1]}, three ${ranks[2]}, five ${ranks[3]}; of other causes ${elsewhere}`,
    )
  }
  return named
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
