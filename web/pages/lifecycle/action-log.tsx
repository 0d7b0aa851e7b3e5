import { Link } from '@tanstack/react-router'
import { contactActions, type LifecycleAction, retryAction } from '../../../server/engage/lifecycle-actions/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { toastDone } from '../../kit/toast.tsx'

const tones = { waiting: 'yellow', done: 'green', failed: 'red', skipped: 'line' } as const
const mailStates = ['pending', 'sending', 'accepted', 'failed', 'suppressed', 'uncertain', 'kept'] as const
const channelStates = ['waiting', 'sending', 'sent', 'failed', 'skipped', 'held'] as const

/** What was done for one move, and how it went, also why nothing was. */
export function ActionLog({ actions }: { actions: readonly LifecycleAction[] }) {
  const t = useText()
  const mayRetry = useMay('leads.manage')
  const retry = useCommand(retryAction, {
    stale: [contactActions.path],
    onDone: () => toastDone(t('lifecycle.log.retried')),
  })
  if (actions.length === 0) return null
  return (
    <ul className="y-log">
      {actions.map(action => (
        <li key={action.id}>
          <Badge tone={tones[action.state]}>{t(`lifecycle.log.state.${action.state}`)}</Badge>
          <span>
            {t(`lifecycle.action.${action.kind}`)}
            <span className="text-t3"> · </span>
            <Outcome action={action} />
          </span>
          {action.state === 'failed' && mayRetry && (
            <Button
              size="small"
              pending={retry.pending}
              onClick={() => void retry.run({ params: { id: action.id } }).catch(() => {})}
            >
              {t('lifecycle.log.retry')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Outcome({ action }: { action: LifecycleAction }) {
  const t = useText()
  const mail = mailStates.find(each => each === action.mailState)
  const words = [
    ...(action.reason && !mail
      ? [t(`lifecycle.log.reason.${action.reason}`, { customer: action.customerName ?? '' })]
      : []),
    ...(mail ? [t(`lifecycle.log.mail.${mail}`)] : []),
    ...action.deliveries.flatMap(({ name, state, error }) => {
      const known = channelStates.find(each => each === state)
      return known ? t(`lifecycle.log.channel.${known}`, { name, error: error ?? '' }) : []
    }),
    ...(action.error ? [action.error] : []),
  ].join(' · ')
  if (!action.customerId || !action.customerName) return <span className="text-t3">{words || '–'}</span>
  return (
    <Link to="/customers/$id" params={{ id: action.customerId }} className="k-link">
      {words}
    </Link>
  )
}
