import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import { kpis } from '../catalog/all.ts'
import type { KpiDefinition } from '../catalog/shape.ts'
import { defaultTargets } from '../catalog/targets.ts'
import type { kpiThemes } from '../contract.ts'
import { judge, targetIn } from '../judge.ts'
import { type KeptFigures, keptFigures } from './kept.ts'
import { type Company, companyOf, shiftMonth, type Whose } from './statement.ts'
import { type KnownTarget, targetsOf } from './targets.ts'
import { type Figure, groupFigures, monthlyFigures } from './values.ts'

/** A KPI of the catalogue. @throws AppError `not_found` */
export function definedKpi(key: string): KpiDefinition {
  const kpi = kpis.find(each => each.key === key)
  if (!kpi) throw notFound()
  return kpi
}

/** What each KPI says, without values. */
export function definitions(ctx: Context) {
  requirePermission(ctx, 'customers.read')
  return kpis.map(({ key, theme, words, definition, formula, unit }) => ({
    key,
    theme,
    words,
    definition,
    formula,
    unit,
  }))
}

/**
 * KPIs of a theme, some, or all, with 12 months and how they stand to their targets.
 * @throws AppError `not_found` for a key that no KPI has
 */
export async function listKpis(
  ctx: Context,
  { theme, keys, ...whose }: Whose & { theme?: (typeof kpiThemes)[number]; keys?: string },
) {
  requirePermission(ctx, 'customers.read')
  const wanted = keys?.split(',').map(key => definedKpi(key).key)
  const company = await companyOf(ctx)
  const targets = await targetsOf(ctx)
  const kept = await keptFigures(ctx, company, whose)
  const items: Awaited<ReturnType<typeof described>>[] = []
  // One after the other: they share the transaction.
  for (const kpi of kpis) {
    if ((theme && kpi.theme !== theme) || (wanted && !wanted.includes(kpi.key))) continue
    items.push(await described(ctx, company, kpi, { whose, kept, target: targets.get(kpi.key), length: 12 }))
  }
  return { items }
}

/** One KPI with 24 months, its parts by tier and CSM, and what the programmes aim at. @throws AppError `not_found` */
export async function oneKpi(ctx: Context, key: string, whose: Whose) {
  requirePermission(ctx, 'customers.read')
  const kpi = definedKpi(key)
  const company = await companyOf(ctx)
  const kept = await keptFigures(ctx, company, whose)
  const target = (await targetsOf(ctx)).get(key)
  const shown = await described(ctx, company, kpi, { whose, kept, target, length: 24 })
  const months = [shown.current.month, shown.last.month] as const
  return {
    ...shown,
    numerator: kpi.parts.numerator,
    denominator: kpi.parts.denominator ?? null,
    byTier: await groupFigures(ctx, company, kpi, whose, months, 'tier_key'),
    byOwner: await groupFigures(ctx, company, kpi, whose, months, 'owner_id'),
    suggested: suggestedFor(key),
  }
}

function suggestedFor(key: string) {
  return defaultTargets.flatMap(({ blueprint, targets }) =>
    targets.filter(target => target.kpi === key).map(({ bound, steps }) => ({ blueprint, bound, steps })),
  )
}

/** Periods that are only over with their last day: a value to date says little of them. */
export function headlineOf({ window }: KpiDefinition): 'current' | 'last' {
  return window === 'month' || window === 'fiscal_year' ? 'last' : 'current'
}

/** The present month, and the last month of the last full period and of the one before it. */
export function monthsOf(company: Company, { window }: KpiDefinition) {
  const current = company.today.slice(0, 7)
  if (window !== 'fiscal_year') return { current, last: shiftMonth(current, -1), previous: shiftMonth(current, -2) }
  const passed = (Number(current.slice(5)) - company.fiscalYearStart + 12) % 12
  const last = shiftMonth(current, -passed - 1)
  return { current, last, previous: shiftMonth(last, -12) }
}

interface Asked {
  whose: Whose
  kept: KeptFigures
  target: KnownTarget | undefined
  /** Months of the series. */
  length: number
}

async function described(ctx: Context, company: Company, kpi: KpiDefinition, { whose, kept, target, length }: Asked) {
  const named = monthsOf(company, kpi)
  const first = [shiftMonth(named.current, 1 - length), named.previous].sort()[0]!
  const months: string[] = []
  for (let month = first; month <= named.current; month = shiftMonth(month, 1)) months.push(month)
  const known = kept.get(kpi.key)
  const missing = months.filter(month => !known?.has(month))
  const fresh = missing.length === 0 ? [] : await monthlyFigures(ctx, company, kpi, whose, missing)
  const byMonth = new Map<string, Figure>(fresh.map(figure => [figure.month, figure]))
  const figures = months.map(month => {
    const { value, numerator, denominator, customers, from, to } = (known?.get(month) ?? byMonth.get(month))!
    return {
      month,
      from,
      to,
      value,
      numerator,
      denominator,
      customers,
      target: target ? targetIn(target, month) : null,
    }
  })
  const of = (month: string) => figures.find(figure => figure.month === month)!
  const headline = headlineOf(kpi)
  const judged = of(named[headline])
  const { key, theme, words, definition, formula, unit, direction, window, ownerRole } = kpi
  return {
    ...{ key, theme, words, definition, formula, unit, direction, window, ownerRole },
    currency: company.currency,
    computedAt: (known?.get(named.current)?.computedAt ?? ctx.now).toISOString(),
    headline,
    current: of(named.current),
    last: of(named.last),
    previous: of(named.previous),
    target: target ? shownTarget(target) : null,
    state: target ? judge(judged.value, judged.target, target.bound) : ('none' as const),
    series: figures.slice(-length),
  }
}

/** A target as routes answer it. */
export function shownTarget({ bound, steps, startsOn, responsibleId, responsibleName }: KnownTarget) {
  return { bound, steps, startsOn, responsibleId, responsibleName }
}
