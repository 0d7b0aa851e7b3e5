import type { Context } from '../../../platform/context/context.ts'
import type { ChurnSettings } from '../contract/settings.ts'
import { historyOf } from './observations.ts'

/**
 * With fewer customers who left there is no model: trees would learn the chance of single customers, and a figure of their
 * quality would say nothing (at 50, an AUC of 0.8 has an interval of about 0.07 to either side).
 */
const needed = { left: 50, stayed: 100, months: 6 }

/** Whether there is enough to learn from, and what is missing. */
export async function readinessOf(ctx: Context, settings: ChurnSettings) {
  const { left, stayed, oldest, today, customers } = await historyOf(ctx, settings)
  const days = oldest ? (Date.parse(today) - Date.parse(oldest)) / 86_400_000 : 0
  const monthsOfHistory = Math.floor(Math.max(0, days) / 30.44)
  return {
    observations: customers,
    left,
    neededLeft: needed.left,
    stayed,
    neededStayed: needed.stayed,
    monthsOfHistory,
    neededMonths: needed.months,
    ready: left >= needed.left && stayed >= needed.stayed && monthsOfHistory >= needed.months,
  }
}
