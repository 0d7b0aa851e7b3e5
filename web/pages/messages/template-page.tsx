import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { MessageLanguage, TemplateContent, Variant } from '../../../server/engage/messages/contract/blocks.ts'
import * as contract from '../../../server/engage/messages/contract/templates.ts'
import { listTopics } from '../../../server/engage/messages/contract/topics.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { MessagePreview } from '../../features/messages/preview.tsx'
import { ContactSelect } from '../../features/record/record-select.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Page } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { BlockEditor, type EditedBlock } from './block-editor.tsx'
import './messages.css'

type Template = RouteReply<typeof contract.getTemplate>

/** A template that is made. */
export function NewTemplatePage() {
  const t = useText()
  return (
    <Screen title={t('mailing.newTemplate')} crumbs={[{ label: t('mailing.title'), to: '/messages' }]}>
      <Page>
        <TemplateForm />
      </Page>
    </Screen>
  )
}

/** A template with its languages, blocks and a preview that follows every change. */
export function TemplatePage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/messages/templates/$id' })
  const { data, error } = useRoute(contract.getTemplate, { params: { id }, query: {} })
  return (
    <Screen title={data?.name ?? t('mailing.title')} crumbs={[{ label: t('mailing.title'), to: '/messages' }]}>
      <Page>
        {error ? (
          <EmptyState title={t('mailing.title')} text={wordsOf(error, t)} />
        ) : data ? (
          <TemplateForm key={data.version} template={data} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Page>
    </Screen>
  )
}

interface Draft {
  subject: string
  preheader: string
  text: string
  blocks: EditedBlock[]
}
type Drafts = Partial<Record<MessageLanguage, Draft>>

const emptyDraft = (): Draft => ({ subject: '', preheader: '', text: '', blocks: [] })

function draftOf(variant: Variant | undefined): Draft | undefined {
  return (
    variant && {
      ...variant,
      text: variant.text ?? '',
      blocks: variant.blocks.map(block => ({ id: crypto.randomUUID(), block })),
    }
  )
}

function contentOf(drafts: Drafts): TemplateContent {
  const variant = ({ subject, preheader, text, blocks }: Draft): Variant => ({
    subject,
    preheader,
    text: text.trim() === '' ? null : text,
    blocks: blocks.map(({ block }) =>
      block.kind === 'list' ? { ...block, items: block.items.filter(item => item.trim() !== '') } : block,
    ),
  })
  return { ...(drafts.ja && { ja: variant(drafts.ja) }), ...(drafts.en && { en: variant(drafts.en) }) }
}

function TemplateForm({ template }: { template?: Template }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('messages.manage')
  const { data: topics } = useRoute(listTopics)
  const [language, setLanguage] = useState<MessageLanguage>(template?.languages[0] ?? (locale === 'en' ? 'en' : 'ja'))
  const [drafts, setDrafts] = useState<Drafts>(() => {
    if (!template) return { [language]: emptyDraft() }
    const [ja, en] = [draftOf(template.content.ja), draftOf(template.content.en)]
    return { ...(ja && { ja }), ...(en && { en }) }
  })
  const [contact, setContact] = useState({ id: '', name: '' })
  const whom = contact.id === '' ? {} : { contactId: contact.id }
  const stale = [contract.listTemplates.path]
  const create = useCommand(contract.createTemplate, { quiet: true, stale })
  const update = useCommand(contract.updateTemplate, { quiet: true, stale })
  const test = useCommand(contract.testTemplate, {
    stale: [],
    onDone: ({ to }) => toastDone(t('mailing.tested', { to })),
  })
  const draft = drafts[language]
  const change = (part: Partial<Draft>) => setDrafts({ ...drafts, [language]: { ...(draft ?? emptyDraft()), ...part } })
  const languages = (['ja', 'en'] as const).map(value => ({ value, label: t(`mailing.language.${value}`) }))
  return (
    <Form
      submit={t(template ? 'mailing.save' : 'mailing.create')}
      onCancel={() => void navigate({ to: '/messages', search: { tab: 'templates' } })}
      aside={
        template &&
        mayManage && (
          <>
            <Button
              pending={test.pending}
              onClick={() => void test.run({ params: { id: template.id }, body: { language, ...whom } })}
            >
              {t('mailing.test')}
            </Button>
            <Button
              onClick={async () => {
                await update.run({ params: { id: template.id }, body: { state: 'archived' } })
                toastDone(t('mailing.archived'))
                void navigate({ to: '/messages', search: { tab: 'templates' } })
              }}
            >
              {t('mailing.archive')}
            </Button>
          </>
        )
      }
      onSubmit={async values => {
        const body = {
          name: values.text('name'),
          topicId: values.optional('topicId') ?? null,
          content: contentOf(drafts),
        }
        if (template) {
          await update.run({ params: { id: template.id }, body: { ...body, basedOn: template.version } })
          toastDone(t('mailing.saved'))
        } else {
          const made = await create.run({ body })
          void navigate({ to: '/messages/templates/$id', params: { id: made.id } })
        }
      }}
    >
      <div className="m-form">
        <div className="m-main">
          <Field label={t('mailing.name')} name="name" required>
            <TextInput maxLength={100} defaultValue={template?.name} />
          </Field>
          <Field label={t('mailing.topic')} name="topicId">
            <Select
              defaultValue={template?.topicId ?? ''}
              key={topics ? 'loaded' : 'waiting'}
              placeholder="–"
              options={(topics?.items ?? []).map(topic => ({ value: topic.id, label: nameOf(topic, locale) }))}
            />
          </Field>
          <Segments label={t('mailing.languages')} options={languages} value={language} onChange={setLanguage} />
          {draft ? (
            <>
              <Field label={t('mailing.subject')} required>
                <TextInput
                  maxLength={300}
                  value={draft.subject}
                  onChange={event => change({ subject: event.currentTarget.value })}
                />
              </Field>
              <Field label={t('mailing.preheader')} hint={t('mailing.preheaderHint')}>
                <TextInput
                  maxLength={300}
                  value={draft.preheader}
                  onChange={event => change({ preheader: event.currentTarget.value })}
                />
              </Field>
              <BlockEditor blocks={draft.blocks} onChange={blocks => change({ blocks })} />
              <Field label={t('mailing.plain')} hint={t('mailing.plainHint')}>
                <Textarea rows={4} value={draft.text} onChange={event => change({ text: event.currentTarget.value })} />
              </Field>
            </>
          ) : (
            <Button kind="dashed" icon="plus" onClick={() => change({})}>
              {t('mailing.addLanguage', { language: t(`mailing.language.${language}`) })}
            </Button>
          )}
        </div>
        <aside>
          <Field label={t('mailing.previewContact')}>
            <ContactSelect value={contact} onChange={setContact} />
          </Field>
          <MessagePreview
            content={draft && draft.subject.trim() !== '' ? contentOf({ [language]: draft }) : null}
            language={language}
            whom={whom}
          />
        </aside>
      </div>
    </Form>
  )
}
