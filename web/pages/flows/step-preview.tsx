import { useState } from 'react'
import { getInAppMessage, listInAppMessages } from '../../../server/engage/in-app/contract/messages.ts'
import { listTemplates } from '../../../server/engage/messages/contract/templates.ts'
import { useRoute, useRouteWhen } from '../../api/hooks.ts'
import { InAppPreview } from '../../features/in-app/preview.tsx'
import { TestDialog } from '../../features/messages/test-dialog.tsx'
import { ContactSelect, CustomerSelect } from '../../features/record/record-select.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { Field } from '../../kit/field.tsx'

interface EmailPreviewProps {
  subject: 'customer' | 'contact'
  /** The key of the template. */
  template: string
}

/** What the step of a flow sends, with the values of a customer or contact, and a test of it to oneself. */
export function EmailPreview({ subject, template: key }: EmailPreviewProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [record, setRecord] = useState({ id: '', name: '' })
  const found = useRoute(listTemplates, { query: {} }).data?.items.find(each => each.key === key)
  if (!found) return null
  const whom = record.id === '' ? {} : subject === 'customer' ? { customerId: record.id } : { contactId: record.id }
  return (
    <>
      <Button size="small" icon="mail" onClick={() => setOpen(true)}>
        {t('flows.previewMail')}
      </Button>
      {open && (
        <TestDialog template={found} whom={whom} onClose={() => setOpen(false)}>
          <Field label={t('mailing.previewContact')}>
            {subject === 'customer' ? (
              <CustomerSelect value={record} onChange={setRecord} />
            ) : (
              <ContactSelect value={record} onChange={setRecord} />
            )}
          </Field>
        </TestDialog>
      )}
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
