import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  type AdvocacyActivity,
  advocacyStatuses,
  advocacyTypes,
  createActivity,
  listActivities,
  updateActivity,
} from '../../../server/engage/advocacy/contract.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'

const stale = ['/api/v1/customer-success/customers/:id/advocacy-activities']
const tones = {
  PENDING: 'plain',
  REQUESTED: 'accent',
  IN_PROGRESS: 'accent',
  COMPLETED: 'green',
  DECLINED: 'red',
  CANCELLED: 'plain',
} as const

/** What the customer does for us: case studies, references, talks. */
export function Advocacy({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('customers.write')
  const [open, setOpen] = useState<AdvocacyActivity | 'new' | null>(null)
  const activities = useRoute(listActivities, { params: { id: customer.id }, query: { limit: 50 } })
  return (
    <Section
      title={t('customer.advocacy')}
      flush
      end={
        mayWrite && (
          <Button size="small" icon="plus" onClick={() => setOpen('new')}>
            {t('customer.advocacyAdd')}
          </Button>
        )
      }
    >
      {activities.data?.items.length === 0 && <p className="text-t3 pt-4">{t('customer.noAdvocacy')}</p>}
      <ul className="u-lines">
        {activities.data?.items.map(activity => (
          <li key={activity.id}>
            <span className="u-grow">
              {activity.title}{' '}
              <span className="text-12 text-t3">
                {[t(`customer.advocacyType.${activity.type}`), activity.contactName].filter(Boolean).join(' · ')}
              </span>
            </span>
            <Badge tone={tones[activity.status]}>{t(`customer.advocacyStatus.${activity.status}`)}</Badge>
            <span className="text-12 text-t3">
              {activity.completedOn
                ? format.shortDay(activity.completedOn)
                : activity.requestedOn
                  ? format.shortDay(activity.requestedOn)
                  : ''}
            </span>
            {mayWrite && (
              <IconButton
                icon="note"
                label={t('customer.advocacyEditOf', { name: activity.title })}
                onClick={() => setOpen(activity)}
              />
            )}
          </li>
        ))}
      </ul>
      {open && (
        <ActivityDialog
          customer={customer}
          activity={open === 'new' ? undefined : open}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  )
}

interface ActivityDialogProps {
  customer: Customer
  activity: AdvocacyActivity | undefined
  onClose: () => void
}

function ActivityDialog({ customer, activity, onClose }: ActivityDialogProps) {
  const t = useText()
  const create = useCommand(createActivity, { quiet: true, stale })
  const update = useCommand(updateActivity, { quiet: true, stale })
  return (
    <Dialog open onClose={onClose} title={t(activity ? 'customer.advocacyEdit' : 'customer.advocacyAddTitle')}>
      <Form
        submit={t(activity ? 'customers.save' : 'customer.advocacyAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            title: values.text('title'),
            type: advocacyTypes.find(each => each === values.text('type')) ?? 'CASE_STUDY',
            status: advocacyStatuses.find(each => each === values.text('status')) ?? 'PENDING',
            contactName: values.text('contactName') || null,
            requestedOn: values.text('requestedOn') || null,
            outcome: values.text('outcome') || null,
          }
          if (activity) await update.run({ params: { activityId: activity.id }, body })
          else await create.run({ params: { id: customer.id }, body })
          onClose()
        }}
      >
        <Field label={t('customer.advocacyTitle')} name="title" required>
          <TextInput maxLength={300} defaultValue={activity?.title} autoComplete="off" />
        </Field>
        <div className="r-two">
          <Field label={t('customer.advocacyTypeLabel')} name="type" required>
            <Select
              defaultValue={activity?.type ?? 'CASE_STUDY'}
              options={advocacyTypes.map(value => ({ value, label: t(`customer.advocacyType.${value}`) }))}
            />
          </Field>
          <Field label={t('record.field.status')} name="status" required>
            <Select
              defaultValue={activity?.status ?? 'PENDING'}
              options={advocacyStatuses.map(value => ({ value, label: t(`customer.advocacyStatus.${value}`) }))}
            />
          </Field>
          <Field label={t('customer.advocacyContact')} name="contactName">
            <TextInput maxLength={200} defaultValue={activity?.contactName ?? ''} autoComplete="off" />
          </Field>
          <Field label={t('customer.requestedOn')} name="requestedOn">
            <TextInput type="date" defaultValue={activity?.requestedOn ?? ''} />
          </Field>
        </div>
        <Field label={t('customer.advocacyOutcome')} name="outcome">
          <Textarea maxLength={10_000} defaultValue={activity?.outcome ?? ''} />
        </Field>
      </Form>
    </Dialog>
  )
}
