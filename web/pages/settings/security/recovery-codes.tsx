import { useState } from 'react'
import { useSession } from '../../../api/session.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { saveFile } from '../../../kit/save-file.ts'

const fileName = 'kizuna-recovery-codes.txt'

/** The recovery codes, shown this one time, with two ways to keep them. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useText()
  const { user } = useSession()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'))
    setCopied(true)
  }
  const download = () => {
    const text = [t('security.factor.fileHead', { email: user.email }), '', ...codes, ''].join('\r\n')
    saveFile(new Blob([text], { type: 'text/plain;charset=utf-8' }), fileName)
  }
  return (
    <div className="grid gap-5">
      <ol className="s-codes" aria-label={t('security.factor.codesLabel')}>
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3">
        <Button icon={copied ? 'check' : 'copy'} onClick={copy}>
          {t(copied ? 'kit.copy.copied' : 'security.factor.copyAll')}
        </Button>
        <Button icon="download" onClick={download}>
          {t('security.factor.download')}
        </Button>
        <Button kind="primary" onClick={onKept}>
          {t('security.factor.kept')}
        </Button>
      </div>
      <span className="k-hidden" role="status">
        {copied ? t('kit.copy.copied') : ''}
      </span>
    </div>
  )
}
