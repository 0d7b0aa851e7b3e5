import { useState } from 'react'
import { getInAppMessage, listInAppMessages } from '../../../server/engage/in-app/contract/messages.ts'
import type { MessageLanguage } from '../../../server/engage/messages/contract/blocks.ts'
import { getTemplate, listTemplates, testTemplate } from '../../../server/engage/messages/contract/templates.ts'
import { useCommand, useRoute, useRouteWhen } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { InAppPreview } from '../../features/in-app/preview.tsx'
import { MessagePreview } from '../../features/messages/preview.tsx'
import { ContactSelect, CustomerSelect } from '../../features/record/record-select.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field } from '../../kit/field.tsx'
import { toastDone } from '../../kit/toast.tsx'

interface EmailPreviewProps {
  subject: 'customer' | 'contact'
  /** The key of the template. */
  template: string
}

/** What the step of a flow sends, with the values of a customer or contact, and a test of it to oneself. */
export function EmailPreview({ subject, template: key }: EmailPreviewProps) {
  const t = useText()
  const { locale } = useLocale()
  const mayTest = useMay('messages.manage')
  const [open, setOpen] = useState(false)
  const [wished, setLanguage] = useState<MessageLanguage>(locale)
  const [record, setRecord] = useState({ id: '', name: '' })
  const found = useRoute(listTemplates, { query: {} }).data?.items.find(each => each.key === key)
  const { data: template } = useRouteWhen(open && found !== undefined, getTemplate, {
    params: { id: found?.id ?? '' },
    query: {},
  })
  const test = useCommand(testTemplate, {
    stale: [],
    onDone: ({ to }) => toastDone(t('mailing.tested', { to })),
  })
  if (!found) return null
  const language = found.languages.includes(wished) ? wished : (found.languages[0] ?? wished)
  const whom = record.id === '' ? {} : subject === 'customer' ? { customerId: record.id } : { contactId: record.id }
  return (
    <>
      <Button size="small" icon="mail" onClick={() => setOpen(true)}>
        {t('flows.previewMail')}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        size="wide"
        title={found.name}
        foot={
          mayTest && (
            <Button
              kind="primary"
              pending={test.pending}
              onClick={() => void test.run({ params: { id: found.id }, body: { language, ...whom } })}
            >
              {t('mailing.test')}
            </Button>
          )
        }
      >
        <div className="fl-fields">
          <Field label={t('mailing.previewContact')}>
            {subject === 'customer' ? (
              <CustomerSelect value={record} onChange={setRecord} />
            ) : (
              <ContactSelect value={record} onChange={setRecord} />
            )}
          </Field>
          {found.languages.length > 1 && (
            <Segments
              label={t('mailing.languages')}
              options={found.languages.map(value => ({ value, label: t(`mailing.language.${value}`) }))}
              value={language}
              onChange={setLanguage}
            />
          )}
          <MessagePreview content={template?.content ?? null} language={language} whom={whom} />
        </div>
      </Dialog>
    </>
  )
}

/** How the message looks that the step of a flow shows inside the product. */
export function InAppStepPreview({ message: key }: { message: string }) {
  const t = useText()
  const { locale } = useLocale()
  const [wished, setLanguage] = useState<'ja' | 'en'>(locale)
  const found = useRoute(listInAppMessages).data?.items.find(each => each.key === key)
  const { data: message } = useRouteWhen(found !== undefined, getInAppMessage, { params: { id: found?.id ?? '' } })
  if (!found || !message) return null
  const languages = (['ja', 'en'] as const).filter(value => message.document.content[value])
  const language = languages.includes(wished) ? wished : (languages[0] ?? wished)
  return (
    <>
      {languages.length > 1 && (
        <Segments
          label={t('inApp.language')}
          options={languages.map(value => ({ value, label: t(`inApp.language.${value}`) }))}
          value={language}
          onChange={setLanguage}
        />
      )}
      <InAppPreview document={message.document} language={language} />
    </>
  )
}
