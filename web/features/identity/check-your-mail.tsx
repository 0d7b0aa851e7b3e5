import { useEffect, useState } from 'react'
import type { RouteContract } from '../../../server/platform/http/contract.ts'
import type { requestPasswordReset, resendVerification } from '../../../server/platform/identity/contract/account.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Seconds until another mail may be asked for: mails take a moment, and the server counts. */
const pause = 30

/** After a mail was asked for: where to look, and how to get another one. */
export function CheckYourMail({
  email,
  again,
  onBack,
}: {
  email: string
  /** Back to the form, for another address. */
  onBack: () => void
  again: (typeof resendVerification | typeof requestPasswordReset) & RouteContract
}) {
  const t = useText()
  const [wait, setWait] = useState(pause)
  const resend = useCommand(again, {
    stale: [],
    onDone: () => {
      toastDone(t('account.mail.sentAgain'))
      setWait(pause)
    },
  })
  useEffect(() => {
    if (wait === 0) return
    const timer = setTimeout(() => setWait(wait - 1), 1_000)
    return () => clearTimeout(timer)
  }, [wait])
  return (
    <div className="grid gap-5">
      <ul className="f-hints">
        <li>{t('account.mail.spam')}</li>
        <li>
          {t('account.mail.typo')}{' '}
          <button type="button" className="k-link" onClick={onBack}>
            {t('account.mail.back')}
          </button>
        </li>
      </ul>
      <Button
        wide
        icon="mail"
        disabled={wait > 0}
        pending={resend.pending}
        onClick={() => resend.run({ body: { email } }).catch(() => {})}
      >
        {wait > 0 ? t('account.mail.againIn', { seconds: wait }) : t('account.mail.again')}
      </Button>
    </div>
  )
}
