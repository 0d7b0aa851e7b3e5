import { type ReactNode, useState } from 'react'
import type { MessageLanguage } from '../../../server/engage/messages/contract/blocks.ts'
import { getTemplate, testTemplate } from '../../../server/engage/messages/contract/templates.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { MessagePreview } from './preview.tsx'
import './preview.css'

interface TestDialogProps {
  template: { id: string; name: string; languages: readonly MessageLanguage[] }
  /** With whose values it is shown. */
  whom: { customerId?: string; contactId?: string }
  /** Left out: the default sender. */
  senderId?: string | null
  /** Where the person is chosen. */
  children: ReactNode
  onClose: () => void
}

/** What a template says to somebody, in each of its languages, and a test of it to oneself. */
export function TestDialog({ template: { id, name, languages }, whom, senderId, children, onClose }: TestDialogProps) {
  const t = useText()
  const { locale } = useLocale()
  const mayTest = useMay('messages.manage')
  const [wished, setLanguage] = useState<MessageLanguage>(locale)
  const { data: template } = useRoute(getTemplate, { params: { id }, query: {} })
  const test = useCommand(testTemplate, {
    stale: [],
    onDone: ({ to }) => toastDone(t('mailing.tested', { to })),
  })
  const language = languages.includes(wished) ? wished : (languages[0] ?? wished)
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={name}
      foot={
        mayTest && (
          <Button
            kind="primary"
            pending={test.pending}
            onClick={() =>
              void test.run({ params: { id }, body: { language, ...whom, ...(senderId && { senderId }) } })
            }
          >
            {t('mailing.test')}
          </Button>
        )
      }
    >
      <div className="m-test">
        {children}
        {languages.length > 1 && (
          <Segments
            label={t('mailing.languages')}
            options={languages.map(value => ({ value, label: t(`mailing.language.${value}`) }))}
            value={language}
            onChange={setLanguage}
          />
        )}
        <MessagePreview content={template?.content ?? null} language={language} whom={whom} />
      </div>
    </Dialog>
  )
}
