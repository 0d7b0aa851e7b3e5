import { useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Button } from './button.tsx'
import { Note } from './note.tsx'

/** A secret that is shown this one time, with a button to copy it. */
export function CopyOnce({ label, value }: { label: string; value: string }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <Note tone="orange">{t('kit.copy.once')}</Note>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs */}
      <div className="k-copy" role="group" aria-label={label}>
        <code>{value}</code>
        <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
          {t(copied ? 'kit.copy.copied' : 'kit.copy.copy')}
        </Button>
      </div>
      <span className="k-hidden" role="status">
        {copied ? t('kit.copy.copied') : ''}
      </span>
    </div>
  )
}
