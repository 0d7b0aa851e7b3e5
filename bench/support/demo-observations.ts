/** Customers of the demo generator as the product sees them on past days, and what the generator itself knows of them. */
import { v7 as uuidv7 } from 'uuid'
import { type DemoWish, worldOf } from '../../server/collect/demo/commands/fill.ts'
import { storyOf } from '../../server/collect/demo/story.ts'
import type { Story, World } from '../../server/collect/demo/world.ts'
import { demoBatch, fillDemo } from '../../server/demo-customers.ts'
import { judgeDemo } from '../../server/demo-signals.ts'
import { addMember } from '../../server/platform/identity/commands/provision.ts'
import type { TrainingSet } from '../../server/platform/learning/training-set.ts'
import type { Inside } from '../../server/platform/tenancy/inside.ts'
import { gatherTraining } from '../../server/signals/churn/commands/train.ts'
import { churnSettings } from '../../server/signals/churn/contract/settings.ts'
import { observationDays } from '../../server/signals/churn/observations.ts'
import type { Observation } from '../../server/signals/churn/queries/observations.ts'
import { computeDay } from '../../server/signals/metrics/commands/compute.ts'
import { openRun } from '../../server/signals/metrics/commands/follow.ts'
import { scoreDays } from '../../server/signals/scorecards/commands/recalculate.ts'
import { type BenchCompany, startBenchCompany, timed } from './company.ts'

export interface Observed {
  set: TrainingSet
  /** By the groups of the set. */
  stories: Story[]
  world: World
  seconds: { filled: number; scored: number; gathered: number }
}

/** Fills a company by the demo generator and looks at its customers on past days, by the product's own code. */
export async function observeDemo(wish: DemoWish, settings = churnSettings.parse({})): Promise<Observed> {
  const company = await startBenchCompany()
  try {
    await addColleagues(company)
    const world = await company.run(ctx => worldOf(ctx, wish))
    const filled = await timed(async () => {
      for (let first = 0, next = 0; first < wish.customers; first += demoBatch) {
        await company.run(ctx => fillDemo(ctx, wish, first))
        // What comes with time elsewhere: the planner has to know how large the tables have become.
        if (first >= next) await company.admin.query('analyze')
        next = Math.max(next, 2 * first)
        console.log(`${Math.min(first + demoBatch, wish.customers)} customers written`)
      }
      await company.admin.query('vacuum analyze')
    })
    const scored = await timed(() => scorePast(company, wish, settings.horizonDays))
    // Groups are numbered as they are first met.
    const met = new Set<string>()
    const inside: Inside = async work => {
      const result = await company.run(work)
      if (Array.isArray(result)) for (const { customer } of result as Observation[]) met.add(customer)
      return result
    }
    let set: TrainingSet | undefined
    const gathered = await timed(async () => {
      const training = { id: uuidv7(), settings, seed: wish.seed }
      set = (await gatherTraining(inside, training, async () => {})).set
    })
    const stories = await storiesOf(company, world, [...met])
    return {
      set: set!,
      stories,
      world,
      seconds: { filled: filled / 1_000, scored: scored / 1_000, gathered: gathered / 1_000 },
    }
  } finally {
    await company.end()
  }
}

/** Those who look after customers: the generator gives each one, and sometimes another later. */
async function addColleagues({ admin, run }: BenchCompany): Promise<void> {
  for (const [place, role] of (['cs_manager', 'csm', 'csm', 'csm', 'csm'] as const).entries()) {
    const id = uuidv7()
    await admin.query(
      `insert into app_user (id, email, name, password_hash, locale, time_zone) values ($1, $2, $3, 'x', 'ja', 'Asia/Tokyo')`,
      [id, `colleague-${place}@example.test`, `担当 ${place + 1}`],
    )
    await run(ctx => addMember(ctx, id, role))
  }
}

/** The health of the days on which customers are looked at, by the blueprint that a demo company has. */
async function scorePast({ run, admin }: BenchCompany, wish: DemoWish, horizonDays: number): Promise<void> {
  await run(ctx => judgeDemo(ctx, wish.months))
  const { today } = await run(async ctx => (await openRun(ctx)).calendar)
  for (const day of observationDays(today, '', horizonDays, Math.ceil((wish.months * 30.44 - horizonDays) / 30))) {
    await run(async ctx => computeDay(ctx, await openRun(ctx), day))
    await run(ctx => scoreDays(ctx, [day]))
  }
  await admin.query('vacuum analyze')
}

/** The stories of customers, by the number that the generator gave each. */
async function storiesOf({ admin, tenantId }: BenchCompany, world: World, ids: readonly string[]): Promise<Story[]> {
  const { rows } = await admin.query<{ id: string; external_id: string }>(
    'select id, external_id from customer where tenant_id = $1',
    [tenantId],
  )
  const numbers = new Map(rows.map(row => [row.id, Number(row.external_id.split('-').at(-1))]))
  // The use of all would not stay in memory.
  return ids.map(id => ({ ...storyOf(world, numbers.get(id)!), use: [] }))
}
