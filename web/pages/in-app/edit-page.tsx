import { useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import {
  type InAppDocument,
  type InAppWords,
  inAppKinds,
  inAppTones,
} from '../../../server/engage/in-app/contract/document.ts'
import * as contract from '../../../server/engage/in-app/contract/messages.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { InAppPreview } from '../../features/in-app/preview.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { AudienceFields } from './audience-fields.tsx'
import { DeleteButton } from './delete-button.tsx'
import { ItemFields } from './item-fields.tsx'
import '../messages/messages.css'
import './in-app.css'

type Message = RouteReply<typeof contract.getInAppMessage>

/** A message inside the product that is made. */
export function NewInAppPage() {
  const t = useText()
  return (
    <Screen title={t('inApp.new')} crumbs={[{ label: t('inApp.title'), to: '/messages/in-app' }]}>
      <Page>
        <InAppForm />
      </Page>
    </Screen>
  )
}

/** A message inside the product: what it says, to whom, and how often it was seen. */
export function EditInAppPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/messages/in-app/$id' })
  const { data, error } = useRoute(contract.getInAppMessage, { params: { id } })
  return (
    <Screen title={data?.name ?? t('inApp.title')} crumbs={[{ label: t('inApp.title'), to: '/messages/in-app' }]}>
      <Page>
        {error ? (
          <EmptyState title={t('inApp.title')} text={wordsOf(error, t)} />
        ) : data ? (
          <InAppForm message={data} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Page>
    </Screen>
  )
}

const emptyWords: InAppWords = { title: '', text: '', button: '' }
const emptyDocument: InAppDocument = {
  kind: 'banner',
  tone: 'neutral',
  content: {},
  link: null,
  items: [],
  pages: null,
  frequency: { kind: 'until_dismissed' },
  audience: null,
}
const frequencies = ['until_dismissed', 'once', 'daily', 'times'] as const

function InAppForm({ message }: { message?: Message }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('messages.manage')
  const [document, setDocument] = useState<InAppDocument>(message?.document ?? emptyDocument)
  const [language, setLanguage] = useState<'ja' | 'en'>(
    message ? (message.document.content.ja ? 'ja' : 'en') : locale === 'en' ? 'en' : 'ja',
  )
  const stale = [contract.listInAppMessages.path]
  const create = useCommand(contract.createInAppMessage, { quiet: true, stale })
  const update = useCommand(contract.updateInAppMessage, { quiet: true, stale })
  const change = (part: Partial<InAppDocument>) => setDocument({ ...document, ...part })
  const words = document.content[language] ?? emptyWords
  const say = (part: Partial<InAppWords>) =>
    change({ content: { ...document.content, [language]: { ...words, ...part } } })
  const { frequency } = document
  // What was typed and not saved yet goes with it: nobody sees an older text than the one on this screen.
  const wish = useRef<'enabled' | 'paused'>(undefined)
  return (
    <Form
      submit={t(message ? 'inApp.save' : 'inApp.create')}
      onCancel={() => void navigate({ to: '/messages/in-app' })}
      aside={
        message &&
        mayManage && (
          <>
            <DeleteButton id={message.id} name={message.name} />
            <Button
              pending={update.pending}
              onClick={event => {
                wish.current = message.state === 'enabled' ? 'paused' : 'enabled'
                event.currentTarget.form?.requestSubmit()
                wish.current = undefined
              }}
            >
              {t(message.state === 'enabled' ? 'inApp.pause' : 'inApp.enable')}
            </Button>
          </>
        )
      }
      onSubmit={async values => {
        const state = wish.current
        const moment = (name: string) => {
          const text = values.optional(name)
          return text ? new Date(text).toISOString() : null
        }
        const content = Object.fromEntries(Object.entries(document.content).filter(([, each]) => each?.title.trim()))
        const body = {
          name: values.text('name'),
          priority: Number(values.text('priority')),
          startsAt: moment('startsAt'),
          endsAt: moment('endsAt'),
          document: { ...document, content, items: document.kind === 'checklist' ? document.items : [] },
        }
        if (message) {
          await update.run({ params: { id: message.id }, body: { ...body, ...(state && { state }) } })
          toastDone(t(state ? (state === 'enabled' ? 'inApp.isEnabled' : 'inApp.isPaused') : 'inApp.saved'))
        } else {
          const made = await create.run({ body })
          void navigate({ to: '/messages/in-app/$id', params: { id: made.id } })
        }
      }}
    >
      <div className="m-form" data-rail>
        <div className="m-main">
          <Field label={t('inApp.name')} name="name" required>
            <TextInput maxLength={100} defaultValue={message?.name} />
          </Field>
          <Segments
            label={t('inApp.kind')}
            options={inAppKinds.map(value => ({ value, label: t(`inApp.kind.${value}`) }))}
            value={document.kind}
            onChange={kind => change({ kind })}
          />
          <Segments
            label={t('inApp.language')}
            options={(['ja', 'en'] as const).map(value => ({ value, label: t(`inApp.language.${value}`) }))}
            value={language}
            onChange={setLanguage}
          />
          <Field label={t('inApp.heading')} hint={t('inApp.headingHint', { tag: '{{ contact.name }}' })} required>
            <TextInput
              maxLength={200}
              value={words.title}
              onChange={event => say({ title: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('inApp.text')}>
            <Textarea
              rows={4}
              maxLength={2_000}
              value={words.text}
              onChange={event => say({ text: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('inApp.button')}>
            <TextInput
              maxLength={60}
              value={words.button}
              onChange={event => say({ button: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('inApp.link')} hint={t('inApp.linkHint')}>
            <TextInput
              type="url"
              value={document.link ?? ''}
              onChange={event => change({ link: event.currentTarget.value || null })}
            />
          </Field>
          {document.kind === 'checklist' && (
            <ItemFields items={document.items} language={language} onChange={items => change({ items })} />
          )}
          <Field label={t('inApp.tone')}>
            <Select
              value={document.tone}
              onChange={event => change({ tone: event.currentTarget.value as InAppDocument['tone'] })}
              options={inAppTones.map(value => ({ value, label: t(`inApp.tone.${value}`) }))}
            />
          </Field>
          <AudienceFields value={document.audience} onChange={audience => change({ audience })} />
          <Field label={t('inApp.pages')} hint={t('inApp.pagesHint')}>
            <TextInput
              value={document.pages ?? ''}
              placeholder="/billing/*"
              onChange={event => change({ pages: event.currentTarget.value || null })}
            />
          </Field>
          <Field label={t('inApp.frequency')}>
            <Select
              value={frequency.kind}
              onChange={event => {
                const kind = event.currentTarget.value as (typeof frequencies)[number]
                change({ frequency: kind === 'times' ? { kind, most: 3 } : { kind } })
              }}
              options={frequencies.map(value => ({ value, label: t(`inApp.frequency.${value}`) }))}
            />
          </Field>
          {frequency.kind === 'times' && (
            <Field label={t('inApp.most')}>
              <TextInput
                type="number"
                min={1}
                max={1_000}
                value={frequency.most}
                onChange={event => change({ frequency: { kind: 'times', most: Number(event.currentTarget.value) } })}
              />
            </Field>
          )}
          <Field label={t('inApp.startsAt')} name="startsAt">
            <TextInput type="datetime-local" defaultValue={localOf(message?.startsAt)} />
          </Field>
          <Field label={t('inApp.endsAt')} name="endsAt">
            <TextInput type="datetime-local" defaultValue={localOf(message?.endsAt)} />
          </Field>
          <Field label={t('inApp.priority')} name="priority" hint={t('inApp.priorityHint')} required>
            <TextInput type="number" min={0} max={100} defaultValue={message?.priority ?? 50} />
          </Field>
        </div>
        <aside>
          <InAppPreview document={document} language={language} />
          {message && (
            <dl className="m-stack">
              {(['queued', 'shown', 'clicked', 'dismissed', 'completed'] as const).map(figure => (
                <div key={figure} className="m-line">
                  <dt>{t(`inApp.figure.${figure}`)}</dt>
                  <dd className="k-number">{format.number(message.figures[figure])}</dd>
                </div>
              ))}
            </dl>
          )}
        </aside>
      </div>
    </Form>
  )
}

/** A moment as the field for it takes it, in the time of the browser. */
function localOf(moment: string | null | undefined): string | undefined {
  if (!moment) return undefined
  const date = new Date(moment)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
