import { sql } from 'kysely'
import { vocabularyOf } from '../../../catalog/conditions/queries/vocabulary.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { backtest, type Observation } from '../backtest.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'
import { cardOf } from './cards.ts'
import { scored } from './preview.ts'

/**
 * Whether a score tells who leaves. By history: customers of one day a month, against those who left within the days
 * after it. By now: everybody, against who has left, for data that came without a history.
 */
export async function backtestScorecard(
  ctx: Context,
  id: string,
  {
    definition: given,
    mode,
    horizonDays,
  }: { definition?: ScorecardDefinition; mode: 'history' | 'now'; horizonDays: number },
) {
  requirePermission(ctx, 'customers.read')
  const card = await cardOf(ctx, id)
  const vocabulary = await vocabularyOf(ctx)
  const definition = (given ?? card.draft ?? card.definition)!
  if (mode === 'now') {
    const { rows } = await sql<Observation>`
      select f.score, f.band, c.status = 'CHURNED' as churned
      from (${await scored(ctx, vocabulary, card, definition, { withChurned: true })}) f
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.customer_id where f.score is not null`.execute(
      ctx.tx,
    )
    return { mode, days: [vocabulary.today], ...backtest(rows) }
  }
  const { rows: days } = await sql<{ day: string }>`
    select max(day)::text as day from figures_day
    where tenant_id = ${ctx.tenantId} and day <= ${vocabulary.today}::date - ${horizonDays}::int group by date_trunc('month', day) order by 1`.execute(
    ctx.tx,
  )
  const observations: Observation[] = []
  for (const { day } of days) {
    const { rows } = await sql<Observation>`
      select f.score, f.band, coalesce(c.churned_on > ${day}::date and c.churned_on <= ${day}::date + ${horizonDays}::int, false) as churned
      from (${await scored(ctx, vocabulary, card, definition, { day })}) f
      join customer c on c.tenant_id = ${ctx.tenantId} and c.id = f.customer_id where f.score is not null`.execute(
      ctx.tx,
    )
    observations.push(...rows)
  }
  return { mode, days: days.map(({ day }) => day), ...backtest(observations) }
}
