import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import type { Context } from '../../../platform/context/context.ts'
import { calendarOf } from '../../metrics/queries/as-of.ts'
import type { DriftCount } from '../drift.ts'
import { firstLeaving } from '../queries/leaving.ts'
import type { LiveModel } from '../queries/models.ts'

/**
 * Keeps how far today's customers are from those that the model learned from (the mean stability index, weighted by what
 * each feature contributes), and whether scores whose horizon has passed came true, by the definition of leaving that the
 * model learned: of the first kept day of each month.
 */
export async function keepDrift(ctx: Context, { id, report, settings }: LiveModel, drift: DriftCount): Promise<void> {
  const shares = new Map(report.importance.map(({ feature, share }) => [feature, share]))
  const features = drift.indexes()
  const stability = features.reduce((sum, { feature, index }) => sum + index * (shares.get(feature) ?? 0), 0)
  const calendar = await calendarOf(ctx)
  await sql`
    with gone as materialized (${firstLeaving(ctx, calendar.today, settings.definition)}),
    first_day as (
      select min(d.day) as day from churn_score_daily d
      where d.tenant_id = ${ctx.tenantId} and d.model_id = ${id} and d.day <= ${today(ctx)} - ${settings.horizonDays}::int
      group by date_trunc('month', d.day)),
    judged as (
      select d.score, coalesce(gone.day > d.day and gone.day <= d.day + ${settings.horizonDays}::int, false) as left_then
      from churn_score_daily d left join gone on gone.customer_id = d.customer_id
      where d.tenant_id = ${ctx.tenantId} and d.model_id = ${id} and d.basis = 'model' and d.day in (select day from first_day))
    insert into churn_drift (tenant_id, model_id, day, customers, stability, features, judged, left_count, expected)
    select ${ctx.tenantId}, ${id}, ${today(ctx)}, ${drift.rows}, ${stability}, ${JSON.stringify(features)}::jsonb,
      count(*), count(*) filter (where left_then), coalesce(sum(score) / 100, 0)
    from judged
    on conflict (tenant_id, model_id, day) do update set customers = excluded.customers, stability = excluded.stability,
      features = excluded.features, judged = excluded.judged, left_count = excluded.left_count, expected = excluded.expected`.execute(
    ctx.tx,
  )
}
