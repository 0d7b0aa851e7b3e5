import { useState } from 'react'
import {
  checkSender,
  createSender,
  deleteSender,
  listSenders,
  updateSender,
} from '../../../../server/engage/messages/contract/settings.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Checkbox, Field, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import '../../messages/messages.css'

type Sender = RouteReply<typeof listSenders>['items'][number]

const tones = { good: 'green', missing: 'orange', wrong: 'red', unknown: 'line' } as const

/** Who messages come from, and what to enter so that their domains vouch for it. */
export function Senders() {
  const t = useText()
  const mayManage = useMay('messages.manage')
  const { data, error } = useRoute(listSenders)
  const [adding, setAdding] = useState(false)
  if (error) return <EmptyState title={t('mailing.senders')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={4} />
  return (
    <div className="m-stack">
      {mayManage && (
        <div className="m-line">
          <Button size="small" kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {t('mailing.addSender')}
          </Button>
        </div>
      )}
      {data.items.length === 0 && <EmptyState title={t('mailing.none')} text="" />}
      {data.items.map(sender => (
        <SenderCard key={sender.id} sender={sender} mayManage={mayManage} />
      ))}
      {adding && <SenderDialog onClose={() => setAdding(false)} />}
    </div>
  )
}

function SenderCard({ sender, mayManage }: { sender: Sender; mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const stale = [listSenders.path]
  const check = useCommand(checkSender, { stale })
  const update = useCommand(updateSender, { stale })
  const remove = useCommand(deleteSender, { stale })
  const params = { id: sender.id }
  return (
    <Section
      title={`${sender.name} <${sender.localPart}@${sender.domain}>`}
      note={sender.checkedAt ? format.dateTime(sender.checkedAt) : t('mailing.notChecked')}
      end={
        <span className="m-line">
          {sender.isDefault && <Badge tone="accent">{t('mailing.isDefault')}</Badge>}
          {mayManage && (
            <>
              {!sender.isDefault && (
                <Button
                  size="small"
                  onClick={() => void update.run({ params, body: { isDefault: true } }).catch(() => {})}
                >
                  {t('mailing.isDefault')}
                </Button>
              )}
              <Button size="small" pending={check.pending} onClick={() => void check.run({ params }).catch(() => {})}>
                {t('mailing.check')}
              </Button>
              <Button size="small" onClick={() => void remove.run({ params }).catch(() => {})}>
                {t('mailing.delete')}
              </Button>
            </>
          )}
        </span>
      }
    >
      {!sender.checks.some(({ kind, state }) => kind === 'dkim' && state === 'good') && <p>{t('mailing.unproven')}</p>}
      <ul className="m-stack" aria-label={t('mailing.checks')}>
        {sender.checks.map(({ kind, state, host, wanted, found, reason }) => (
          <li key={kind}>
            <p className="m-line">
              <strong>{kind.toUpperCase()}</strong>
              <Badge tone={tones[state]}>{t(`mailing.check.${state}`)}</Badge>
            </p>
            {state !== 'good' && (
              <>
                {reason && <p>{t(`mailing.check.${reason}`)}</p>}
                <p className="text-t3">{t('mailing.enter', { host })}</p>
                <code className="m-record">{wanted}</code>
                {found && <p className="text-t3 m-record">{t('mailing.found', { found })}</p>}
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function SenderDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const create = useCommand(createSender, { quiet: true, stale: [listSenders.path] })
  return (
    <Dialog open onClose={onClose} title={t('mailing.addSender')}>
      <Form
        submit={t('mailing.create')}
        onCancel={onClose}
        onSubmit={async values => {
          await create.run({
            body: {
              name: values.text('name'),
              localPart: values.text('localPart').toLowerCase(),
              domain: values.text('domain').toLowerCase(),
              perMinute: values.number('perMinute') ?? null,
              isDefault: values.flag('isDefault'),
            },
          })
          onClose()
        }}
      >
        <Field label={t('mailing.senderName')} name="name" required>
          <TextInput maxLength={100} />
        </Field>
        <Field label={t('mailing.localPart')} name="localPart" required>
          <TextInput maxLength={64} placeholder="news" />
        </Field>
        <Field label={t('mailing.domain')} name="domain" required>
          <TextInput maxLength={200} placeholder="example.co.jp" />
        </Field>
        <Field label={t('mailing.perMinute')} name="perMinute">
          <TextInput type="number" min={1} max={100_000} />
        </Field>
        <Checkbox label={t('mailing.isDefault')} name="isDefault" />
      </Form>
    </Dialog>
  )
}
