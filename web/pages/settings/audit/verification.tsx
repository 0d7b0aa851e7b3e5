import { useState } from 'react'
import { verifyAudit } from '../../../../server/platform/administration/contract/audit.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { call } from '../../../api/client.ts'
import { wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { PageHead } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { toastFailed } from '../../../kit/toast.tsx'

type Result = RouteReply<typeof verifyAudit> & { at: Date }

/** What keeps the log honest, with a button that proves it now. */
export function Verification() {
  const t = useText()
  const format = useFormat()
  const [pending, setPending] = useState(false)
  const [result, setResult] = useState<Result | null>(null)
  const verify = async () => {
    setPending(true)
    try {
      setResult({ ...(await call(verifyAudit)), at: new Date() })
    } catch (fault) {
      toastFailed(wordsOf(fault, t))
    } finally {
      setPending(false)
    }
  }
  return (
    <>
      <PageHead text={t('audit.intro')}>
        <Button icon="shield" pending={pending} onClick={verify}>
          {t('audit.verify')}
        </Button>
      </PageHead>
      <div role="status">
        {result && (
          <div className="mb-5">
            {result.intact ? (
              <Note tone="green">{t('audit.intact', { lines: result.lines, time: format.time(result.at) })}</Note>
            ) : (
              <Note tone="red">
                <strong>{t('audit.broken')}</strong>{' '}
                {t(`audit.fault.${result.fault ?? 'changed'}`, { sequence: result.firstFault ?? 0 })}
              </Note>
            )}
          </div>
        )}
      </div>
    </>
  )
}
