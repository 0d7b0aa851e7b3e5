import { type Context, enqueue, record, requirePermission } from '../../../platform/context/context.ts'
import { invalidField } from '../../../platform/errors/app-error.ts'
import { keptDays } from '../kept-days.ts'
import { calendarOf } from '../queries/as-of.ts'
import { keepingNow } from '../queries/catalogue.ts'
import { computeAllJob, rebuildJob } from './follow.ts'

/**
 * Has the figures of past days and of now worked out, in the background.
 * @param since YYYY-MM-DD
 * @returns how many days
 * @throws AppError `invalid_input` for a day that is not past
 */
export async function startRebuild(ctx: Context, since: string): Promise<number> {
  requirePermission(ctx, 'attributes.manage')
  const { today } = await calendarOf(ctx)
  if (since >= today) {
    throw invalidField('body.since', { ja: '過去の日付を指定してください。', en: 'Name a day of the past.' })
  }
  const { dailyDays, weeklyDays, monthlyDays } = await keepingNow(ctx)
  const keeping = { daily_days: dailyDays, weekly_days: weeklyDays, monthly_days: monthlyDays }
  const days = keptDays(today, since, keeping).length
  enqueue(ctx, { name: rebuildJob, payload: { oldest: since }, key: 'rebuild' })
  enqueue(ctx, { name: computeAllJob, payload: {}, key: 'all' })
  record(ctx, { action: 'metric.rebuild_started', details: { since, days } })
  return days
}
