import type { DemoWish } from './collect/demo/commands/fill.ts'
import { writeLeads } from './collect/demo/commands/leads.ts'
import type { Context } from './platform/context/context.ts'
import { addReadyRules, putScoringSettings } from './signals/scoring/commands/rules.ts'
import { scoreLeadsNow } from './signals/scoring/commands/score.ts'
import { settingsOf } from './signals/scoring/queries/definition.ts'

/** Days ago on which the leads were scored, so that their scores have a history. */
const lookedAt = [42, 35, 28, 21, 14, 10, 7, 5, 3, 2, 1]

/** Leads of a demo company, scored by the ready-made rules, today and on days before. */
export async function interestDemo(ctx: Context, wish: DemoWish): Promise<void> {
  await writeLeads(ctx, wish)
  const { lead, fitCap, engagementCap, hotAt, channels } = await settingsOf(ctx)
  const assign = [
    { kind: 'role', role: 'csm' },
    { kind: 'role', role: 'sales_marketing' },
  ] as const
  // What is told of the past is no news: it goes nowhere.
  const quiet = (days: number): Context => ({
    ...ctx,
    now: new Date(ctx.now.getTime() - days * 86_400_000),
    pending: { events: [], jobs: [], records: [] },
  })
  await putScoringSettings(quiet(lookedAt[0]!), {
    lead,
    fitCap,
    engagementCap,
    hotAt,
    channels,
    assign: [...assign],
    notify: [],
  })
  await addReadyRules(quiet(lookedAt[0]!))
  for (const days of lookedAt.slice(1)) await scoreLeadsNow(quiet(days))
  await scoreLeadsNow(ctx)
}
