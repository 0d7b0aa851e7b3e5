import { Link } from '@tanstack/react-router'
import { type AlertAction, getAlert, noteOnAlert } from '../../../server/engage/alerts/contract/alerts.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { Owner } from '../../features/record/owner.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Asked } from './dialogs.tsx'
import { AlertState, Due, SeverityBadge } from './look.tsx'

type OneAlert = RouteReply<typeof getAlert>

interface AlertDrawerProps {
  id: string
  act: (action: AlertAction) => Promise<void>
  onAsk: (asked: Asked) => void
  onClose: () => void
}

/** One alert beside the list: cause, what to do, what was done. */
export function AlertDrawer({ id, act, onAsk, onClose }: AlertDrawerProps) {
  const t = useText()
  const { locale } = useLocale()
  const { data, error } = useRoute(getAlert, { params: { id } })
  const alert = data?.id === id ? data : undefined
  return (
    <Drawer
      open
      onClose={onClose}
      title={alert?.ruleName[locale] ?? t('alerts.detail')}
      foot={alert?.mayHandle && <Buttons alert={alert} act={act} onAsk={onAsk} />}
    >
      {error && !alert ? (
        <Note tone="red" alert>
          {wordsOf(error, t)}
        </Note>
      ) : alert ? (
        <Body alert={alert} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Drawer>
  )
}

function Buttons({ alert, act, onAsk }: { alert: OneAlert } & Pick<AlertDrawerProps, 'act' | 'onAsk'>) {
  const t = useText()
  const run = (action: 'acknowledge' | 'wake' | 'reopen') => void act({ action, ids: [alert.id] }).catch(() => {})
  if (alert.state === 'closed') return <Button onClick={() => run('reopen')}>{t('alerts.reopen')}</Button>
  return (
    <>
      <Button kind="quiet" onClick={() => onAsk('assign')}>
        {t('alerts.assignDots')}
      </Button>
      {alert.state === 'snoozed' ? (
        <Button onClick={() => run('wake')}>{t('alerts.wake')}</Button>
      ) : (
        alert.maySnooze && <Button onClick={() => onAsk('snooze')}>{t('alerts.snoozeDots')}</Button>
      )}
      {alert.state === 'open' && <Button onClick={() => run('acknowledge')}>{t('alerts.acknowledge')}</Button>}
      <Button kind="primary" onClick={() => onAsk('resolve')}>
        {t('alerts.resolveDots')}
      </Button>
    </>
  )
}

function Body({ alert }: { alert: OneAlert }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const pairs: [string, React.ReactNode][] = [
    [t('alerts.state'), <AlertState key="state" alert={alert} />],
    [t('alerts.owner'), <Owner key="owner" name={alert.ownerName} />],
    [t('alerts.due'), <Due key="due" alert={alert} />],
    [t('alerts.openedAt'), format.dateTime(alert.openedAt)],
  ]
  if (alert.closedAt) pairs.push([t('alerts.closedAt'), format.dateTime(alert.closedAt)])
  if (alert.arr !== null && alert.currency)
    pairs.push([t('customers.column.arr'), format.money(alert.arr, alert.currency)])
  return (
    <div className="a-body">
      <div className="a-head">
        <SeverityBadge severity={alert.severity} />
        {alert.customerId ? (
          <Link to="/customers/$id" params={{ id: alert.customerId }} className="k-link">
            {alert.customerName}
          </Link>
        ) : (
          <strong>{t('alerts.company')}</strong>
        )}
      </div>
      <Section title={t('alerts.facts')}>
        <ul className="a-facts">
          {alert.facts.map(fact => (
            <li key={fact.en}>{fact[locale]}</li>
          ))}
          {alert.repeats > 0 && <li>{t('alerts.repeats', { count: alert.repeats })}</li>}
        </ul>
      </Section>
      {alert.advice[locale] && (
        <Section title={t('alerts.advice')}>
          <p>{alert.advice[locale]}</p>
        </Section>
      )}
      <Section title={t('alerts.about')}>
        <Pairs pairs={pairs} align="start" />
      </Section>
      {alert.mayHandle && <NoteForm key={alert.steps.length} id={alert.id} />}
      <Section title={t('alerts.history')}>
        <ol className="a-steps">
          {alert.steps.map(step => (
            <StepLine key={step.id} step={step} />
          ))}
        </ol>
      </Section>
    </div>
  )
}

function NoteForm({ id }: { id: string }) {
  const t = useText()
  const write = useCommand(noteOnAlert, { quiet: true, stale: ['/api/v1/alerts'] })
  return (
    <Section title={t('alerts.note')}>
      <Form
        submit={t('alerts.addNote')}
        submitKind="normal"
        onSubmit={async values => {
          await write.run({ params: { id }, body: { text: values.text('text') } })
          toastDone(t('alerts.noteAdded'))
        }}
      >
        <Field label={t('alerts.note')} labelHidden name="text" required>
          <Textarea maxLength={2_000} rows={2} />
        </Field>
      </Form>
    </Section>
  )
}

function StepLine({ step }: { step: OneAlert['steps'][number] }) {
  const t = useText()
  const format = useFormat()
  const what =
    step.kind === 'assigned'
      ? step.assigneeName
        ? t('alerts.step.assigned', { name: step.assigneeName })
        : t('alerts.step.unassigned')
      : step.kind === 'snoozed'
        ? t('alerts.step.snoozed', { day: step.until ? format.dateTime(step.until) : '' })
        : step.kind === 'closed'
          ? t('alerts.step.closed', { reason: step.reason ? t(`alerts.reason.${step.reason}`) : '' })
          : t(`alerts.step.${step.kind}`)
  return (
    <li>
      <span>
        <strong>{what}</strong> <span className="text-t3">{step.actorName ?? t('alerts.bySystem')}</span>
      </span>
      <time className="text-t3" title={format.dateTime(step.at)}>
        {format.relative(step.at)}
      </time>
      {step.note && <p>{step.note}</p>}
    </li>
  )
}
