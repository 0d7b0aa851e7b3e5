import { sql } from 'kysely'
import { handOverCustomer } from '../../../customers/accounts/commands/handover.ts'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, record } from '../../../platform/context/context.ts'
import { AppError, invalidField } from '../../../platform/errors/app-error.ts'
import { writeChanges } from '../../tasks/commands/change.ts'
import { lockTasks } from '../../tasks/queries/stored.ts'
import type { JourneyRole } from '../contract/definition.ts'
import { mayComplete } from '../queries/journey.ts'
import { lockJourney, requireOpen, systemOf } from '../queries/stored.ts'
import { closeJourneys } from './close.ts'
import { followJourneys } from './follow.ts'
import { insertJourneySteps } from './steps.ts'

/** Pauses a journey: its days stand still. @throws AppError `not_found`; `conflict` for one that does not run */
export async function pauseJourney(ctx: Context, id: string, reason: string): Promise<void> {
  const journey = await lockJourney(ctx, id)
  requireOpen(journey)
  if (journey.status === 'paused') {
    throw new AppError('conflict', { ja: 'すでに一時停止しています。', en: 'It is paused already.' })
  }
  await sql`
    update onboarding_journey set status = 'paused', paused_on = ${today(ctx)}, reason = ${reason}, updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  await note(ctx, id, 'paused', reason)
}

/** Goes on with a paused journey: what is open is due later by the days of the pause. @throws AppError as pausing */
export async function resumeJourney(ctx: Context, id: string): Promise<void> {
  const journey = await lockJourney(ctx, id)
  if (journey.status !== 'paused') {
    requireOpen(journey)
    throw new AppError('conflict', { ja: '一時停止していません。', en: 'It is not paused.' })
  }
  const pause = sql`greatest(0, ${today(ctx)} - ${journey.paused_on}::date)`
  await sql`
    update onboarding_journey set status = 'running', paused_days = paused_days + ${pause}, paused_on = null, reason = null,
      updated_at = ${ctx.now} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  await sql`
    update onboarding_phase set from_on = case when entered_on is null then from_on + ${pause} else from_on end, to_on = to_on + ${pause}
    where tenant_id = ${ctx.tenantId} and journey_id = ${id} and left_on is null`.execute(ctx.tx)
  const { rows } = await sql<{ task_id: string | null; due_on: string }>`
    update onboarding_task set due_on = due_on + ${pause} where tenant_id = ${ctx.tenantId} and journey_id = ${id} and done_on is null
    returning task_id, due_on::text`.execute(ctx.tx)
  const due = new Map(rows.flatMap(({ task_id, due_on }) => (task_id ? [[task_id, due_on] as const] : [])))
  const tasks = await lockTasks(systemOf(ctx), sql`t.id = any(${[...due.keys()]}::uuid[])`)
  await writeChanges(
    systemOf(ctx),
    tasks.map(task => ({ task, next: { ...task.values, dueOn: due.get(task.id)! } })),
  )
  await note(ctx, id, 'resumed')
  await followJourneys(systemOf(ctx), [id])
}

/** Cancels a journey. @throws AppError `not_found`, `conflict` */
export async function cancelJourney(ctx: Context, id: string, reason: string): Promise<void> {
  requireOpen(await lockJourney(ctx, id))
  await closeJourneys(ctx, [id], { status: 'cancelled', reason })
}

/**
 * Completes a journey, and gives the customer to whom it is handed over.
 * @throws AppError `conflict` where tasks are open and no reason is given
 */
export async function completeJourney(
  ctx: Context,
  id: string,
  {
    reason,
    handOverTo,
    note: text,
  }: { reason?: string | undefined; handOverTo?: string | undefined; note?: string | undefined },
): Promise<void> {
  const journey = await lockJourney(ctx, id)
  requireOpen(journey)
  if (!reason && !(await mayComplete(ctx, id))) {
    throw new AppError('conflict', {
      ja: '必須のタスク、または完了に必要な割合のタスクが残っています。完了させるか、理由を入力してください。',
      en: 'Required tasks are open, or too many others. Finish them, or say why the onboarding is complete all the same.',
    })
  }
  if (handOverTo) {
    await handOverCustomer(ctx, journey.customer_id, handOverTo, text ?? journey.name[ctx.locale])
    await sql`
      update onboarding_journey set handed_over_to = ${handOverTo}::uuid where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
      ctx.tx,
    )
    await note(ctx, id, 'handed_over', text)
  }
  await closeJourneys(ctx, [id], { status: 'completed', reason: reason ?? null })
}

/** Gives a role of a journey to somebody; their open tasks follow. @throws AppError `not_found`, `conflict`, `invalid_input` */
export async function changePeople(ctx: Context, id: string, role: JourneyRole, memberId: string): Promise<void> {
  requireOpen(await lockJourney(ctx, id))
  const { rows: member } = await sql`
    select 1 from member m where m.tenant_id = ${ctx.tenantId} and m.id = ${memberId}`.execute(ctx.tx)
  if (member.length === 0) {
    throw invalidField('body.memberId', {
      ja: 'そのメンバーは会社にいません。',
      en: 'There is no such member in the company.',
    })
  }
  await sql`
    update onboarding_journey set people = people || jsonb_build_object(${role}::text, ${memberId}::text), updated_at = ${ctx.now}
    where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx)
  const { rows } = await sql<{ id: string }>`
    select t.task_id as id from onboarding_task t where t.tenant_id = ${ctx.tenantId} and t.journey_id = ${id} and t.role = ${role}
      and t.task_id is not null and t.done_on is null`.execute(ctx.tx)
  const tasks = await lockTasks(systemOf(ctx), sql`t.id = any(${rows.map(row => row.id)}::uuid[])`)
  await writeChanges(
    ctx,
    tasks.map(task => ({ task, next: { ...task.values, assigneeId: memberId } })),
  )
  await note(ctx, id, 'people_changed')
}

async function note(
  ctx: Context,
  id: string,
  kind: 'paused' | 'resumed' | 'handed_over' | 'people_changed',
  text?: string,
): Promise<void> {
  await insertJourneySteps(ctx, [{ journey: id, kind, note: text }])
  record(ctx, { action: `onboarding.${kind}`, subject: { kind: 'onboarding_journey', id } })
}
