import { useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'

/** Lines to copy into a program. */
export function Snippet({ label, text }: { label: string; text: string }) {
  const t = useText()
  const [copied, setCopied] = useState('')
  const isCopied = copied === text
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(text)
  }
  return (
    <div className="d-snippet">
      <div className="d-snippet-head">
        <span>{label}</span>
        <Button
          size="small"
          kind="quiet"
          icon={isCopied ? 'check' : 'copy'}
          aria-label={t('sources.copyOf', { name: label })}
          onClick={copy}
        >
          {t(isCopied ? 'kit.copy.copied' : 'kit.copy.copy')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <span className="k-hidden" role="status">
        {isCopied ? t('kit.copy.copied') : ''}
      </span>
    </div>
  )
}
