import { sql } from 'kysely'
import { noteToday } from '../../../customers/accounts/commands/facts.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context, record } from '../../../platform/context/context.ts'
import { onboardingEvents } from '../events.ts'
import { systemOf } from '../queries/stored.ts'
import { setTasks } from './colleagues.ts'
import { insertJourneySteps } from './steps.ts'

/** Ends journeys: what colleagues have open of them is cancelled, and a completed one leaves its phases. */
export async function closeJourneys(
  ctx: Context,
  ids: readonly string[],
  { status, reason }: { status: 'completed' | 'cancelled'; reason: string | null },
): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await sql<{ id: string; customer_id: string; template: string }>`
    update onboarding_journey j set status = ${status}, reason = ${reason}, ended_on = ${today(ctx)}, paused_on = null,
      expected_on = ${today(ctx)}, updated_at = ${ctx.now}
    from onboarding_template t
    where j.tenant_id = ${ctx.tenantId} and j.id = any(${ids}::uuid[]) and j.status in ('running', 'paused')
      and t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    returning j.id, j.customer_id, t.key as template`.execute(ctx.tx)
  if (rows.length === 0) return
  const ended = rows.map(({ id }) => id)
  await noteToday(
    ctx,
    'success',
    rows.map(({ customer_id }) => customer_id),
  )
  if (status === 'completed') {
    await sql`
      update onboarding_phase p set left_on = ${today(ctx)} where p.tenant_id = ${ctx.tenantId} and p.journey_id = any(${ended}::uuid[])
        and p.entered_on is not null and p.left_on is null`.execute(ctx.tx)
  }
  const { rows: open } = await sql<{ id: string }>`
    select t.task_id as id from onboarding_task t where t.tenant_id = ${ctx.tenantId} and t.journey_id = any(${ended}::uuid[])
      and t.task_id is not null and t.done_on is null`.execute(ctx.tx)
  const why = {
    completed: { ja: 'オンボーディングが完了したため', en: 'The onboarding was completed' },
    cancelled: { ja: 'オンボーディングが中止されたため', en: 'The onboarding was cancelled' },
  }[status][ctx.locale]
  await setTasks(
    systemOf(ctx),
    open.map(({ id }) => id),
    'cancelled',
    why,
  )
  await insertJourneySteps(
    ctx,
    ended.map(id => ({ journey: id, kind: status, note: reason })),
  )
  for (const { id, customer_id, template } of rows) {
    record(ctx, { action: `onboarding.${status}`, subject: { kind: 'onboarding_journey', id } })
    if (status === 'cancelled') continue
    announce(ctx, {
      type: onboardingEvents.completed,
      subject: { kind: 'customer', id: customer_id },
      payload: { journeyId: id, template },
    })
  }
}
