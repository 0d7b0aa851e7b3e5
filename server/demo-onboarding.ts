import { sql } from 'kysely'
import { closeJourneys } from './engage/onboarding/commands/close.ts'
import { followJourneys } from './engage/onboarding/commands/follow.ts'
import { startJourneys } from './engage/onboarding/commands/start.ts'
import { templatesOf } from './engage/onboarding/queries/stored.ts'
import type { Context } from './platform/context/context.ts'

/** When groups of customers began, in days before today, and how many customers are in each. */
const starts: readonly [daysAgo: number, customers: number][] = [
  [3, 8],
  [16, 9],
  [38, 9],
  [66, 8],
  [95, 6],
]

/** Days by which customers lag behind their plan, one after the other: most keep to it, some are late, a few stand still. */
const lags = [0, -2, 1, 0, 9, 0, -4, 24]

/** The onboarding of a demo company: some dozens of journeys, in every phase and state. */
export async function onboardDemo(ctx: Context): Promise<void> {
  const [template] = await templatesOf(ctx, sql`t.key = 'onboarding-90'`)
  if (!template) return
  for (const [days, customers] of starts) {
    const chosen = sql`select c.id from customer c where c.tenant_id = ${ctx.tenantId} and c.merged_into is null and c.status <> 'CHURNED'
      and c.owner_id is not null and not exists (select 1 from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.customer_id = c.id)
      order by c.created_at desc, c.id limit ${customers}`
    await startJourneys(
      ctx,
      template,
      chosen,
      sql`((${ctx.now}::timestamptz at time zone 'Asia/Tokyo')::date - ${days}::int)`,
    )
  }
  await sql`
    update onboarding_task o set done_on = least(o.due_on, line.today), done_at = ${ctx.now}, done_how = case when o.role = 'customer' then 'data' else 'person' end
    from (select j.id, (${ctx.now}::timestamptz at time zone 'Asia/Tokyo')::date as today,
        (${lags}::int[])[1 + (row_number() over (order by j.id))::int % ${lags.length}::int] as lag
      from onboarding_journey j where j.tenant_id = ${ctx.tenantId}) as line
    where o.tenant_id = ${ctx.tenantId} and o.journey_id = line.id and o.done_on is null and o.due_on <= line.today - line.lag`.execute(
    ctx.tx,
  )
  // What product data fulfilled at once was so from the start on: else everything would have happened today.
  await sql`
    update onboarding_task o set done_on = j.starts_on from onboarding_journey j
    where o.tenant_id = ${ctx.tenantId} and j.tenant_id = ${ctx.tenantId} and j.id = o.journey_id and o.done_on is not null
      and o.due_on > (${ctx.now}::timestamptz at time zone 'Asia/Tokyo')::date`.execute(ctx.tx)
  await sql`
    update onboarding_journey j set value_on = o.done_on from onboarding_task o
    where j.tenant_id = ${ctx.tenantId} and o.tenant_id = ${ctx.tenantId} and o.journey_id = j.id and o.key = 'agent-run'
      and o.done_on is not null`.execute(ctx.tx)
  await followJourneys(ctx)
  await sql`
    update onboarding_phase p set entered_on = least(p.from_on, p.entered_on), left_on = least(p.to_on, p.left_on)
    where p.tenant_id = ${ctx.tenantId} and p.entered_on is not null`.execute(ctx.tx)
  const { rows } = await sql<{ id: string }>`
    select id from onboarding_journey where tenant_id = ${ctx.tenantId} and tasks_done = tasks_all order by id`.execute(
    ctx.tx,
  )
  await closeJourneys(
    ctx,
    rows.map(({ id }) => id),
    { status: 'completed', reason: null },
  )
}
