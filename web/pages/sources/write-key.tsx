import { useState } from 'react'
import { revealKey, rotateKey } from '../../../server/collect/ingest/contract/sources.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Source } from './source-state.ts'

interface WriteKeyProps {
  source: Source
  /** The key, once it was shown. */
  value: string | null
  onChange: (key: string | null) => void
}

/** The write key: hidden until somebody asks for it, which the audit log notes. */
export function WriteKey({ source, value, onChange }: WriteKeyProps) {
  const t = useText()
  const [replacing, setReplacing] = useState(false)
  const [copied, setCopied] = useState(false)
  const reveal = useCommand(revealKey, { stale: [], onDone: ({ writeKey }) => onChange(writeKey) })
  const rotate = useCommand(rotateKey, {
    stale: [],
    onDone: ({ writeKey }) => {
      onChange(writeKey)
      setCopied(false)
      toastDone(t('sources.key.replaced'))
    },
  })
  const params = { id: source.id }
  const copy = async () => {
    await navigator.clipboard.writeText(value ?? '')
    setCopied(true)
  }
  return (
    <>
      <div className="d-key">
        <code>{value ?? '•'.repeat(24)}</code>
        {value ? (
          <>
            <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
              {t(copied ? 'kit.copy.copied' : 'kit.copy.copy')}
            </Button>
            <Button icon="eye-off" kind="quiet" onClick={() => onChange(null)}>
              {t('sources.key.hide')}
            </Button>
          </>
        ) : (
          <Button icon="eye" pending={reveal.pending} onClick={() => void reveal.run({ params }).catch(() => {})}>
            {t('sources.key.show')}
          </Button>
        )}
        <Button kind="danger" onClick={() => setReplacing(true)}>
          {t('sources.key.replace')}
        </Button>
      </div>
      {replacing && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setReplacing(false)}
          title={t('sources.key.replaceTitle', { name: source.name })}
          text={t('sources.key.replaceText')}
          confirm={t('sources.key.replaceConfirm')}
          onConfirm={() => rotate.run({ params })}
        />
      )}
    </>
  )
}
