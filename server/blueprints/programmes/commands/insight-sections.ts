import { sql } from 'kysely'
import { removeTarget, setTarget } from '../../../insights/kpis/commands/targets.ts'
import { setKpiTarget } from '../../../insights/kpis/contract.ts'
import { fiscalYear, targetsOf } from '../../../insights/kpis/queries/targets.ts'
import type { Context, JsonObject } from '../../../platform/context/context.ts'
import type { Section } from './section.ts'

/** What KPIs are to reach. One that names no first day keeps that which the company has. */
export const kpiTargets: Section = {
  name: 'kpiTargets',
  keyOf: item => item.kpi as string,
  async settle(ctx, item, _, known) {
    if (item.startsOn !== undefined) return item
    return { ...item, startsOn: known?.startsOn ?? (await presentFiscalYear(ctx)) }
  },
  async stored(ctx) {
    return [...(await targetsOf(ctx)).values()].map(({ kpi, bound, steps, startsOn, responsibleId }) => ({
      id: kpi,
      key: kpi,
      item: { kpi, bound, steps, startsOn, responsibleId },
    }))
  },
  create: (ctx, item) => set(ctx, item),
  change: (ctx, _, item) => set(ctx, item),
  remove: (ctx, { key }) => removeTarget(ctx, key),
}

async function set(ctx: Context, { kpi, ...item }: JsonObject): Promise<void> {
  const { bound, startsOn, ...input } = setKpiTarget.body.parse(item)
  await setTarget(ctx, kpi as string, { ...input, ...(bound && { bound }), ...(startsOn && { startsOn }) })
}

async function presentFiscalYear(ctx: Context): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select ${fiscalYear(ctx)}::text as day from tenant company where company.id = ${ctx.tenantId}`.execute(ctx.tx)
  return rows[0]!.day
}
