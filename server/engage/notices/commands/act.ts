import { type Context, record } from '../../../platform/context/context.ts'
import { AppError } from '../../../platform/errors/app-error.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { actOnAlerts } from '../../alerts/commands/act.ts'
import { decideRequest } from '../../flows/commands/answer.ts'
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
  } else {
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
