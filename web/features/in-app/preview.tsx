import type { InAppDocument } from '../../../server/engage/in-app/contract/document.ts'
import { useText } from '../../i18n/provider.tsx'
import './preview.css'

/** How a message looks in the product, with its merge tags as they are written. */
export function InAppPreview({ document, language }: { document: InAppDocument; language: 'ja' | 'en' }) {
  const t = useText()
  const words = document.content[language]
  return (
    <section className="ia-preview" aria-labelledby="in-app-preview">
      <h2 id="in-app-preview">{t('inApp.preview')}</h2>
      <div className="ia-stage">
        {words && (
          <div className="ia-card" data-kind={document.kind} data-tone={document.tone} lang={language}>
            <strong>{words.title || t('inApp.untitled')}</strong>
            {words.text && <p>{words.text}</p>}
            {document.kind === 'checklist' && (
              <ul>
                {document.items.map((item, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: items have no ids, and the preview keeps nothing
                  <li key={place}>○ {item[language] || item.event}</li>
                ))}
              </ul>
            )}
            {words.button && <span className="ia-action">{words.button}</span>}
          </div>
        )}
      </div>
    </section>
  )
}
