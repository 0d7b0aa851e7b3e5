import { useState } from 'react'
import {
  createCalendarLink,
  listCalendarLinks,
  revokeCalendarLink,
} from '../../../server/engage/tasks/contract/calendar.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

const stale = ['/api/v1/tasks/calendar-links']

/** Addresses by which one's calendar shows one's own tasks: made, shown once, revoked. */
export function CalendarDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const links = useRoute(listCalendarLinks).data?.items ?? []
  const create = useCommand(createCalendarLink, { quiet: true, stale })
  const revoke = useCommand(revokeCalendarLink, { stale, onDone: () => toastDone(t('tasks.calendar.revoked')) })
  const [address, setAddress] = useState<string>()
  return (
    <Dialog open onClose={onClose} title={t('tasks.calendar.title')} text={t('tasks.calendar.text')}>
      <div className="tp-calendar">
        {links.length > 0 && (
          <ul>
            {links.map(link => (
              <li key={link.id}>
                <span>
                  <strong>{link.name}</strong>
                  <span className="text-t3">
                    {link.lastUsedAt
                      ? t('tasks.calendar.used', { when: format.relative(link.lastUsedAt) })
                      : t('tasks.calendar.unused')}
                  </span>
                </span>
                <Button
                  size="small"
                  kind="danger"
                  aria-label={t('tasks.calendar.revokeNamed', { name: link.name })}
                  onClick={() => void revoke.run({ params: { id: link.id } }).catch(() => {})}
                >
                  {t('tasks.calendar.revoke')}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {address ? (
          <CopyOnce label={t('tasks.calendar.address')} value={address} />
        ) : (
          <Form
            submit={t('tasks.calendar.create')}
            onSubmit={async values => {
              setAddress((await create.run({ body: { name: values.text('name') } })).address)
            }}
          >
            <Field label={t('tasks.calendar.name')} name="name" required hint={t('tasks.calendar.nameHint')}>
              <TextInput maxLength={100} autoComplete="off" />
            </Field>
          </Form>
        )}
      </div>
    </Dialog>
  )
}
