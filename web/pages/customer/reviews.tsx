import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  type BusinessReview,
  createReview,
  listReviews,
  reviewTypes,
  updateReview,
} from '../../../server/engage/reviews/contract.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { linesOf } from './metric-fields.tsx'

const stale = ['/api/v1/customer-success/customers/:id/business-reviews']
const points = ['agenda', 'attendees', 'achievements', 'challenges', 'decisions'] as const

/** Business reviews: planned and held. */
export function Reviews({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const mayWrite = useMay('customers.write')
  const [open, setOpen] = useState<BusinessReview | 'new' | null>(null)
  const reviews = useRoute(listReviews, { params: { id: customer.id }, query: { limit: 50 } })
  return (
    <Section
      title={t('customer.reviews')}
      flush
      end={
        mayWrite && (
          <Button size="small" icon="plus" onClick={() => setOpen('new')}>
            {t('customer.reviewAdd')}
          </Button>
        )
      }
    >
      {reviews.data?.items.length === 0 && <p className="text-t3 pt-4">{t('customer.noReviews')}</p>}
      {reviews.data?.items.map(review => (
        <div key={review.id} className="u-plan">
          <div className="u-plan-head">
            <strong>{t(`customer.reviewType.${review.type}`)}</strong>
            <Badge tone={review.heldAt ? 'green' : 'accent'}>
              {t(review.heldAt ? 'customer.held' : 'customer.planned')}
            </Badge>
            <span className="u-end">
              {review.overallRating !== null && `${t('customer.rating', { rating: review.overallRating })} · `}
              {format.dateTime(review.heldAt ?? review.scheduledAt)}
              {mayWrite && (
                <IconButton
                  icon="note"
                  label={t('customer.reviewEditOf', { day: format.day(review.scheduledAt) })}
                  onClick={() => setOpen(review)}
                />
              )}
            </span>
          </div>
          {points.map(
            name =>
              review[name].length > 0 && (
                <p key={name}>
                  <span className="text-t3">{t(`customer.review.${name}`)}</span> {review[name].join(' · ')}
                </p>
              ),
          )}
          {review.actionItems.length > 0 && (
            <p>
              <span className="text-t3">{t('customer.review.actions')}</span>{' '}
              {review.actionItems.map(item => item.title).join(' · ')}
            </p>
          )}
          {review.nextSteps && <p className="u-text">{review.nextSteps}</p>}
        </div>
      ))}
      {open && (
        <ReviewDialog customer={customer} review={open === 'new' ? undefined : open} onClose={() => setOpen(null)} />
      )}
    </Section>
  )
}

interface ReviewDialogProps {
  customer: Customer
  review: BusinessReview | undefined
  onClose: () => void
}

const local = (at: string | null | undefined) => {
  if (!at) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function ReviewDialog({ customer, review, onClose }: ReviewDialogProps) {
  const t = useText()
  const create = useCommand(createReview, { quiet: true, stale })
  const update = useCommand(updateReview, { quiet: true, stale })
  const moment = (text: string) => (text ? new Date(text).toISOString() : null)
  return (
    <Dialog open onClose={onClose} size="wide" title={t(review ? 'customer.reviewEdit' : 'customer.reviewAddTitle')}>
      <Form
        submit={t(review ? 'customers.save' : 'customer.reviewAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            type: reviewTypes.find(each => each === values.text('type')) ?? 'QUARTERLY',
            scheduledAt: new Date(values.text('scheduledAt')).toISOString(),
            heldAt: moment(values.text('heldAt')),
            ...Object.fromEntries(points.map(name => [name, linesOf(values.text(name))])),
            nextSteps: values.text('nextSteps') || null,
            overallRating: values.number('overallRating') ?? null,
          }
          if (review) await update.run({ params: { reviewId: review.id }, body })
          else await create.run({ params: { id: customer.id }, body })
          onClose()
        }}
      >
        <div className="r-two">
          <Field label={t('customer.reviewTypeLabel')} name="type" required>
            <Select
              defaultValue={review?.type ?? 'QUARTERLY'}
              options={reviewTypes.map(value => ({ value, label: t(`customer.reviewType.${value}`) }))}
            />
          </Field>
          <Field label={t('customer.overallRating')} name="overallRating">
            <TextInput type="number" min={1} max={5} defaultValue={review?.overallRating ?? ''} />
          </Field>
          <Field label={t('customer.scheduledAt')} name="scheduledAt" required>
            <TextInput type="datetime-local" defaultValue={local(review?.scheduledAt)} />
          </Field>
          <Field label={t('customer.heldAt')} name="heldAt">
            <TextInput type="datetime-local" defaultValue={local(review?.heldAt)} />
          </Field>
          {points.map(name => (
            <Field key={name} label={t(`customer.review.${name}`)} name={name} hint={t('customer.onePerLine')}>
              <Textarea rows={2} defaultValue={review?.[name].join('\n')} />
            </Field>
          ))}
          <Field label={t('customer.review.nextSteps')} name="nextSteps">
            <Textarea rows={2} maxLength={10_000} defaultValue={review?.nextSteps ?? ''} />
          </Field>
        </div>
      </Form>
    </Dialog>
  )
}
