import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, record } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { lockJourney, requireOpen, systemOf } from '../queries/stored.ts'
import { setTasks } from './colleagues.ts'
import { followJourneys } from './follow.ts'
import { insertJourneySteps } from './steps.ts'

/** A colleague marks a task of a journey as done, or as not done. @throws AppError `not_found`, `conflict` */
export async function tickTask(ctx: Context, id: string, key: string, done: boolean): Promise<void> {
  const journey = await lockJourney(ctx, id)
  requireOpen(journey)
  if (journey.status === 'paused') {
    throw new AppError('conflict', {
      ja: 'このオンボーディングは一時停止中です。再開してから操作してください。',
      en: 'This onboarding is paused. Resume it first.',
    })
  }
  await tick(ctx, id, key, done, 'person')
}

/**
 * Marks a task, has the colleague's task follow, and looks where the journey is now.
 * @param how who says so: a colleague, or the customer, who may tick only its own
 */
export async function tick(
  ctx: Context,
  id: string,
  key: string,
  done: boolean,
  how: 'person' | 'customer',
): Promise<void> {
  const { rows } = await sql<{ done_how: string | null; task_id: string | null }>`
    select done_how, task_id from onboarding_task where tenant_id = ${ctx.tenantId} and journey_id = ${id} and key = ${key}
      and ${how === 'customer' ? sql`role = 'customer'` : sql`true`} for update`.execute(ctx.tx)
  const [task] = rows
  if (!task) throw notFound()
  if ((task.done_how !== null) === done) return
  if (task.done_how === 'data') {
    throw new AppError('conflict', {
      ja: '製品の利用データで完了と判定されたタスクは、未完了に戻せません。',
      en: 'Product data fulfils this task, so it cannot be opened again.',
    })
  }
  if (how === 'customer' && task.done_how === 'person') {
    throw new AppError('conflict', {
      ja: 'このタスクは担当者が完了にしたため、未完了に戻せません。担当者にご連絡ください。',
      en: 'Your contact marked this task as done. Ask them to open it again.',
    })
  }
  const member = ctx.actor.kind === 'member' ? ctx.actor.id : null
  await sql`
    update onboarding_task set done_on = ${done ? today(ctx) : sql`null`}, done_at = ${done ? ctx.now : null}::timestamptz,
      done_how = ${done ? how : null}, done_by = ${done ? member : null}::uuid
    where tenant_id = ${ctx.tenantId} and journey_id = ${id} and key = ${key}`.execute(ctx.tx)
  await insertJourneySteps(ctx, [{ journey: id, kind: done ? 'task_done' : 'task_reopened', subject: key }])
  if (task.task_id) await setTasks(systemOf(ctx), [task.task_id], done ? 'done' : 'open')
  record(ctx, {
    action: done ? 'onboarding.task_done' : 'onboarding.task_reopened',
    subject: { kind: 'onboarding_journey', id },
    details: { task: key, by: how },
  })
  await followJourneys(systemOf(ctx), [id])
}
