import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { contactUsage } from '../../../server/collect/ingest/contract/usage.ts'
import { type Contact, deleteContact, getContact } from '../../../server/customers/contacts/contract.ts'
import { listAnswers } from '../../../server/customers/feedback/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { attributeText, useAttributes } from '../../features/record/attributes.ts'
import { ContactDialog, staleContacts } from '../../features/record/contact-dialog.tsx'
import { useStageName } from '../../features/record/stage-names.ts'
import { TicketTable } from '../../features/record/ticket-table.tsx'
import { Timeline } from '../../features/record/timeline.tsx'
import { UsageView } from '../../features/record/usage.tsx'
import { LeadScoreFacts, LeadScoreHistory } from '../../features/scoring/lead-score.tsx'
import { Screen } from '../../frame/screen.tsx'
import { withTexts } from '../../i18n/load.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Columns, Page, Pairs, Section } from '../../kit/layout.tsx'
import { Menu, MenuItem, MenuRule } from '../../kit/menu.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import '../customer/customer.css'

const MergeDialog = lazy(
  withTexts(
    async () => ({ default: (await import('../../features/record/merge-dialog.tsx')).MergeDialog }),
    'duplicates',
  ),
)

const ContactLifecycle = lazy(
  withTexts(
    async () => ({ default: (await import('../lifecycle/contact-lifecycle.tsx')).ContactLifecycle }),
    'lifecycle',
    'conditions',
  ),
)

const tabs = ['timeline', 'score', 'usage', 'tickets', 'answers'] as const
type Tab = (typeof tabs)[number]

/** One person: who it is, what happened with them. */
export function ContactPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/contacts/$id' })
  const { data, error, isPlaceholderData } = useRoute(getContact, { params: { id } })
  const contact = isPlaceholderData ? undefined : data
  return (
    <Screen
      title={contact?.name ?? t('customer.loading')}
      crumbs={[{ label: t('contacts.title'), to: '/contacts' }]}
      actions={contact && <Actions contact={contact} />}
    >
      <Page>
        {error && !contact ? (
          <EmptyState title={t('contacts.missing')} text={wordsOf(error, t)} />
        ) : !contact ? (
          <SkeletonRows rows={8} />
        ) : (
          <Columns main={<Parts key={contact.id} contact={contact} />} rail={<ContactFacts contact={contact} />} />
        )}
      </Page>
    </Screen>
  )
}

function Actions({ contact }: { contact: Contact }) {
  const t = useText()
  const navigate = useNavigate()
  const mayWrite = useMay('customers.write')
  const mayMerge = useMay('customers.merge')
  const [open, setOpen] = useState<'edit' | 'merge' | 'delete' | null>(null)
  const remove = useCommand(deleteContact, {
    stale: staleContacts,
    onDone: () => {
      toastDone(t('contacts.deleted', { name: contact.name }))
      void navigate({ to: '/contacts' })
    },
  })
  const close = () => setOpen(null)
  if (!mayWrite && !mayMerge) return null
  return (
    <>
      {mayWrite && (
        <Button size="small" onClick={() => setOpen('edit')}>
          {t('customer.edit')}
        </Button>
      )}
      <Menu trigger={<IconButton icon="more" label={t('customer.more', { name: contact.name })} />}>
        {mayMerge && (
          <MenuItem icon="branch" onSelect={() => setOpen('merge')}>
            {t('contacts.merge')}
          </MenuItem>
        )}
        {mayWrite && (
          <>
            <MenuRule />
            <MenuItem icon="trash" tone="danger" onSelect={() => setOpen('delete')}>
              {t('contacts.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      {open === 'edit' && <ContactDialog contact={contact} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog
          open
          destroys
          onClose={close}
          title={t('contacts.deleteTitle', { name: contact.name })}
          text={t('contacts.deleteText')}
          confirm={t('contacts.deleteConfirm')}
          onConfirm={() => remove.run({ params: { id: contact.id } })}
        />
      )}
      {open === 'merge' && (
        <Suspense>
          <MergeDialog
            record="contact"
            kept={{ id: contact.id, name: contact.name }}
            onClose={close}
            onDone={id => void navigate({ to: '/contacts/$id', params: { id } })}
          />
        </Suspense>
      )}
    </>
  )
}

function Parts({ contact }: { contact: Contact }) {
  const t = useText()
  const [tab, setTab] = useState<Tab>('timeline')
  const contents = {
    timeline: contact.customerId ? (
      <Timeline customerId={contact.customerId} contactId={contact.id} />
    ) : (
      <EmptyState title={t('contacts.noCustomer')} text={t('contacts.noCustomerText')} />
    ),
    score: <LeadScoreHistory contactId={contact.id} />,
    usage: <Usage contact={contact} />,
    tickets: <TicketTable of={{ contactId: contact.id, customerId: contact.customerId ?? undefined }} />,
    answers: <Answers contact={contact} />,
  }
  return (
    <Tabs
      label={t('contacts.tabs')}
      value={tab}
      onChange={setTab}
      tabs={tabs.map(value => ({ value, label: t(`contacts.tab.${value}`), content: contents[value] }))}
    />
  )
}

function Usage({ contact }: { contact: Contact }) {
  const t = useText()
  const usage = useRoute(contactUsage, { params: { id: contact.id }, query: { days: 30 } })
  if (usage.error) return <EmptyState title={t('record.usage.failed')} text={wordsOf(usage.error, t)} />
  return usage.data ? <UsageView usage={usage.data} /> : <SkeletonRows rows={6} />
}

function Answers({ contact }: { contact: Contact }) {
  const t = useText()
  const format = useFormat()
  const answers = useRoute(listAnswers, { query: { contactId: contact.id, limit: 100 } })
  if (answers.error) return <EmptyState title={t('contacts.answersFailed')} text={wordsOf(answers.error, t)} />
  if (!answers.data) return <SkeletonRows rows={3} />
  if (answers.data.items.length === 0)
    return <EmptyState title={t('contacts.noAnswers')} text={t('contacts.noAnswersText')} />
  return (
    <ul className="u-lines">
      {answers.data.items.map(answer => (
        <li key={answer.id}>
          <Badge tone="line">{answer.kind}</Badge>
          <strong>{format.number(answer.score)}</strong>
          <span className="u-grow">
            {answer.comment} {answer.survey && <span className="text-12 text-t3">{answer.survey}</span>}
          </span>
          <span className="text-12 text-t3">{format.day(answer.answeredAt)}</span>
        </li>
      ))}
    </ul>
  )
}

function ContactFacts({ contact }: { contact: Contact }) {
  const t = useText()
  const stageName = useStageName()
  const format = useFormat()
  const attributes = useAttributes('contact')
  const none = <span className="text-t3">–</span>
  const moment = (at: string | null) => (at ? <span title={format.dateTime(at)}>{format.relative(at)}</span> : none)
  return (
    <>
      <LeadScoreFacts contactId={contact.id} />
      <Section title={t('contacts.facts')}>
        <div className="grid grid-cols-1 gap-4">
          {(contact.leftOn || contact.tags.length > 0) && (
            <span className="flex flex-wrap gap-2">
              {contact.leftOn && <Badge tone="red">{t('contacts.leftOn', { day: format.day(contact.leftOn) })}</Badge>}
              {contact.tags.map(tag => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          )}
          <Pairs
            pairs={[
              [
                t('customers.column.name'),
                contact.customerId ? (
                  <Link key="customer" to="/customers/$id" params={{ id: contact.customerId }} className="k-link">
                    {contact.customerName}
                  </Link>
                ) : (
                  t('record.contact.lead')
                ),
              ],
              [t('record.field.title'), contact.title ?? none],
              [t('record.field.role'), contact.role ?? none],
              [t('record.field.email'), contact.email ?? none],
              [t('record.field.phone'), contact.phone ?? none],
              [
                t('record.field.stakeholderRole'),
                contact.stakeholderRole ? t(`record.stakeholder.${contact.stakeholderRole}`) : none,
              ],
              [t('record.field.sentiment'), contact.sentiment ? t(`record.sentiment.${contact.sentiment}`) : none],
              [t('record.field.emailConsent'), t(`record.consent.${contact.emailConsent}`)],
              [t('record.field.emailState'), t(`record.emailState.${contact.emailState}`)],
              [t('record.field.lifecycleStage'), contact.lifecycleStage ? stageName(contact.lifecycleStage) : none],
              [t('record.field.timeZone'), contact.timeZone ?? none],
              [t('record.field.externalId'), contact.externalId ?? none],
              [t('record.contact.followUp'), contact.nextFollowUp ? format.day(contact.nextFollowUp) : none],
            ]}
          />
          {contact.notes && <p className="u-text">{contact.notes}</p>}
        </div>
      </Section>
      <Suspense>
        <ContactLifecycle contact={contact} />
      </Suspense>
      <Section title={t('contacts.activity')}>
        <Pairs
          pairs={[
            [t('record.field.lastSeenAt'), moment(contact.lastSeenAt)],
            [t('record.field.lastLoginAt'), moment(contact.lastLoginAt)],
            [t('contacts.lastCsm'), moment(contact.lastCsmContactAt)],
            [t('contacts.lastEmail'), moment(contact.lastEmailAt)],
            [t('contacts.stickiness'), contact.dauMau === null ? none : format.percent(contact.dauMau)],
            [t('record.usage.features'), contact.featuresUsed === null ? none : format.number(contact.featuresUsed)],
            [t('record.field.nps'), contact.nps === null ? none : format.number(contact.nps)],
            [t('record.field.csat'), contact.csat === null ? none : format.number(contact.csat)],
            [t('record.field.ticketCount'), format.number(contact.ticketCount)],
          ]}
        />
      </Section>
      {attributes.length > 0 && (
        <Section title={t('contacts.own')}>
          <Pairs
            pairs={attributes.map(attribute => [
              attribute.label,
              attributeText(attribute, contact.attributes[attribute.key], t, format) || none,
            ])}
          />
        </Section>
      )}
    </>
  )
}
