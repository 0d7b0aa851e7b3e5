import { sql } from 'kysely'
import { today } from '../../../customers/accounts/queries/today.ts'
import { type Context, record } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { actOnAlerts } from '../../alerts/commands/act.ts'
import { decideRequest } from '../../flows/commands/answer.ts'
import { isClosed } from '../../tasks/commands/change.ts'
import { updateTask } from '../../tasks/commands/tasks.ts'
import { lockTasks } from '../../tasks/queries/stored.ts'
import type { CardAction, CardSubject } from '../card.ts'

const dayLength = 86_400_000

const refusals: Readonly<Record<string, Words>> = {
  not_found: {
    ja: 'このアラートは見つからないか、操作する権限がありません。',
    en: 'There is no such alert, or you may not handle it.',
  },
  closed: { ja: 'このアラートはすでに終了しています。', en: 'This alert is closed already.' },
  same: { ja: 'すでにその状態です。', en: 'That is done already.' },
  no_snooze: { ja: 'このアラートはスヌーズできません。', en: 'This alert cannot be snoozed.' },
}

/**
 * Does what a button of a card says, as the member in the context and with their permissions.
 * @param by where the button was pressed, for the audit log
 * @throws AppError `forbidden`, `not_found`, `conflict` with words for the person
 */
export async function actByCard(
  ctx: Context,
  subject: CardSubject,
  action: CardAction,
  by: 'slack' | 'link',
): Promise<void> {
  if (subject.kind === 'flow_request') {
    if (action !== 'approve' && action !== 'refuse') throw noSuchAction()
    await decideRequest(ctx, subject.id, { approve: action === 'approve', note: '' })
  } else if (subject.kind === 'task') await updateTask(ctx, subject.id, await taskChange(ctx, subject.id, action))
  else {
    const { skipped } = await actOnAlerts(ctx, alertAction(ctx, subject.id, action, by))
    const [first] = skipped
    if (first)
      throw new AppError(
        first.reason === 'not_found' ? 'not_found' : 'conflict',
        refusals[first.reason] ?? refusals.same!,
      )
  }
  record(ctx, { action: 'notice_card.used', subject, details: { action, by } })
}

/** Whoever begins a task that nobody has takes it over; to put it off makes it due a day later. */
async function taskChange(ctx: Context, id: string, action: CardAction) {
  if (ctx.actor.kind !== 'member') throw noSuchAction()
  const mine = { kind: 'member' as const, id: ctx.actor.id }
  const [task] = await lockTasks(ctx, sql`t.id = ${id}`)
  if (!task) throw notFound()
  const { assigneeId, dueOn } = task.values
  if (isClosed(task.values)) {
    throw new AppError('conflict', { ja: 'このタスクはすでに終了しています。', en: 'This task is closed already.' })
  }
  switch (action) {
    case 'acknowledge':
      return { status: 'in_progress' as const, ...(assigneeId === null && { assign: mine }) }
    case 'assign':
      return { assign: mine }
    case 'snooze': {
      const today = await todayOf(ctx)
      return { dueOn: dayAfter(dueOn !== null && dueOn > today ? dueOn : today) }
    }
    default:
      throw noSuchAction()
  }
}

async function todayOf(ctx: Context): Promise<string> {
  const { rows } = await sql<{ day: string }>`select ${today(ctx)}::text as day`.execute(ctx.tx)
  return rows[0]!.day
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + dayLength).toISOString().slice(0, 10)
}

function alertAction(ctx: Context, id: string, action: CardAction, by: 'slack' | 'link') {
  const ids = [id]
  switch (action) {
    case 'acknowledge':
      return { action, ids }
    case 'assign':
      if (ctx.actor.kind !== 'member') throw noSuchAction()
      return { action, ids, ownerId: ctx.actor.id }
    case 'snooze':
      return {
        action,
        ids,
        until: new Date(ctx.now.getTime() + dayLength).toISOString(),
        reason: by === 'slack' ? 'Slack' : 'Teams',
      }
    default:
      throw noSuchAction()
  }
}

function noSuchAction(): AppError {
  return new AppError('malformed', { ja: 'この操作はできません。', en: 'This cannot be done here.' })
}
