import { sql } from 'kysely'
import { evaluateRules } from '../../../engage/alerts/commands/evaluate.ts'
import type { Context } from '../../../platform/context/context.ts'
import { factKinds } from '../../../platform/context/vocabulary.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { evaluateStages } from '../../../signals/lifecycle/commands/evaluate.ts'
import { computeAll } from '../../../signals/metrics/commands/follow.ts'
import { recalculateHealth } from '../../../signals/scorecards/commands/recalculate.ts'
import { scoreLeadsNow } from '../../../signals/scoring/commands/score.ts'
import { refreshSegments } from '../../../signals/segments/commands/refresh.ts'
import { type Change, placeOf } from '../changes.ts'
import { type Current, storedForm } from './current.ts'
import { sectionOf } from './sections.ts'

/**
 * Does what a plan says, in its order, by the commands of the modules; then works out at once what follows for every
 * customer: figures, segments, health, alerts, leads.
 * @param problems with it, a change that fails is taken back by itself and noted, and the others go on
 * @throws AppError of the first change that fails, with its name
 */
export async function carryOut(
  ctx: Context,
  changes: readonly Change[],
  current: Current,
  problems?: Map<string, Words>,
): Promise<void> {
  let figuresWait = false
  for (const change of changes) {
    if (figuresWait && change.section !== 'metrics') {
      // What comes now may look at the figures of a metric that is new.
      await computeAll(ctx)
      figuresWait = false
    }
    if (change.action === 'adopt') continue
    await carryOutOne(ctx, change, current, problems)
    if (change.section === 'metrics' && change.action !== 'delete') figuresWait = true
  }
  if (changes.every(({ action }) => action === 'adopt')) return
  if (figuresWait) await computeAll(ctx)
  await refreshSegments(ctx, { facts: factKinds, all: true })
  await recalculateHealth(ctx)
  await evaluateRules(ctx)
  await scoreLeadsNow(ctx)
  await evaluateStages(ctx, { acts: false })
}

async function carryOutOne(
  ctx: Context,
  change: Change,
  current: Current,
  problems: Map<string, Words> | undefined,
): Promise<void> {
  if (problems) await sql`savepoint blueprint_change`.execute(ctx.tx)
  try {
    await doChange(ctx, change, current)
    if (problems) await sql`release savepoint blueprint_change`.execute(ctx.tx)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const words = toldOf(error)
    if (!problems) {
      const { ja, en } = change.name
      throw new AppError('conflict', {
        ja: `「${ja}」を適用できません。${words.ja}何も変更していません。`,
        en: `"${en}" cannot be applied. ${words.en} Nothing was changed.`,
      })
    }
    await sql`rollback to savepoint blueprint_change`.execute(ctx.tx)
    problems.set(placeOf(change.section, change.key), words)
  }
}

async function doChange(ctx: Context, { section: name, key, action, after }: Change, current: Current): Promise<void> {
  const section = sectionOf(name)
  const stored = current.stored.get(name)?.get(key)
  if (action === 'delete') {
    await section.remove(ctx, stored!)
    return
  }
  const item = await storedForm(ctx, after!)
  if (stored) await section.change(ctx, stored, item)
  else await section.create(ctx, item)
}

/** An error with what it says of single fields. */
function toldOf({ words, faults }: AppError): Words {
  const own = (language: 'ja' | 'en') =>
    faults.map(fault => fault.message[language]).filter(text => text !== words[language])
  return {
    ja: [words.ja, ...own('ja')].join(''),
    en: [words.en, ...own('en')].join(' '),
  }
}
