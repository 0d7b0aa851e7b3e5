import { useState } from 'react'
import type { MessageLanguage, TemplateContent } from '../../../server/engage/messages/contract/blocks.ts'
import * as contract from '../../../server/engage/messages/contract/templates.ts'
import { useAnswer } from '../../api/answer.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import './preview.css'

interface MessagePreviewProps {
  /** Null while there is nothing whole to show. */
  content: TemplateContent | null
  language: MessageLanguage
  /** Whose values it shows: a contact, or the main person of a customer; else somebody. */
  whom: { contactId?: string; customerId?: string }
}

/** The message as a contact would get it, in a frame in which nothing runs. */
export function MessagePreview({ content, language, whom }: MessagePreviewProps) {
  const t = useText()
  const { locale } = useLocale()
  const [view, setView] = useState<'html' | 'text'>('html')
  const { shown, fault } = useAnswer(contract.previewTemplate, content && { body: { content, language, ...whom } })
  return (
    <>
      <div className="m-line">
        <Segments
          label={t('mailing.preview')}
          value={view}
          onChange={setView}
          options={[
            { value: 'html', label: t('mailing.view.html') },
            { value: 'text', label: t('mailing.view.text') },
          ]}
        />
      </div>
      {fault && <p className="text-red">{fault}</p>}
      {shown?.faults.map(({ path, ja, en }) => (
        <p key={path} className="text-red">
          {locale === 'ja' ? ja : en}
        </p>
      ))}
      {!shown || !content ? (
        <p className="text-t3">{t('mailing.previewWait')}</p>
      ) : (
        <>
          <p>
            <strong>{shown.subject}</strong>
            <br />
            <small className="text-t3">{t('mailing.previewFor', { name: shown.contactName })}</small>
          </p>
          {view === 'html' ? (
            <iframe
              className="m-frame"
              title={t('mailing.preview')}
              sandbox=""
              src={contract.showPreview.path.replace(':id', shown.id)}
            />
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keyboard
            <pre className="m-plain" tabIndex={0}>
              {shown.text}
            </pre>
          )}
        </>
      )}
    </>
  )
}
