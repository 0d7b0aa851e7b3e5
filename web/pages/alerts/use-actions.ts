import type { AlertAction, actOnAlerts as contract } from '../../../server/engage/alerts/contract/alerts.ts'
import { actOnAlerts } from '../../../server/engage/alerts/contract/alerts.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { toastDone, toastFailed } from '../../kit/toast.tsx'

/** Does things to alerts and says what came of it; what was resolved can be taken back. */
export function useAlertActions() {
  const t = useText()
  const format = useFormat()
  const command = useCommand(actOnAlerts, { quiet: false, stale: ['/api/v1/alerts', '/api/v1/alert-rules'] })
  const act = async (action: AlertAction): Promise<void> => {
    const reply: RouteReply<typeof contract> = await command.run({ body: action })
    const skipped = new Set(reply.skipped.map(({ id }) => id))
    const done = action.ids.filter(id => !skipped.has(id))
    if (reply.changed > 0) {
      const undo =
        action.action === 'resolve' ? () => void act({ action: 'reopen', ids: done }).catch(() => {}) : undefined
      toastDone(t(`alerts.done.${action.action}`, { count: reply.changed }), undo && { undo })
    }
    if (reply.skipped.length === 0) return
    const reasons = [...new Set(reply.skipped.map(({ reason }) => reason))]
    const text = format.list(reasons.map(reason => t(`alerts.skip.${reason}`)))
    toastFailed(t('alerts.skipped', { count: reply.skipped.length, reasons: text }))
  }
  return { act, pending: command.pending }
}
