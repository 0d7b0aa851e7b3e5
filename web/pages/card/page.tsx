import { useEffect, useState } from 'react'
import { pressCardLink, readCardLink } from '../../../server/engage/notices/contract/links.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { call } from '../../api/client.ts'
import { useCommand, wordsOf } from '../../api/hooks.ts'
import { useFragmentToken } from '../../features/identity/fragment-token.ts'
import { Screen } from '../../frame/screen.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Page, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'

type Asked = RouteReply<typeof readCardLink>

/** Where the link of a card leads: it says what would be done, and does it when asked to. */
export function CardPage() {
  const t = useText()
  const { locale } = useLocale()
  const token = useFragmentToken()
  const [asked, setAsked] = useState<Asked>()
  const [fault, setFault] = useState<unknown>()
  const [done, setDone] = useState(false)
  const press = useCommand(pressCardLink, { quiet: true, stale: ['/api/v1/alerts', '/api/v1/flow'] })
  useEffect(() => {
    setFault(undefined)
    call(readCardLink, { body: { token } }).then(setAsked, setFault)
  }, [token])
  return (
    <Screen title={t('notices.cardTitle')}>
      <Page narrow>
        {fault !== undefined && (
          <Note tone="red" alert>
            {wordsOf(fault, t)}
          </Note>
        )}
        {asked && fault === undefined && (
          <Section title={asked.title[locale]}>
            {done ? (
              <Note tone="green">{t('notices.cardDone')}</Note>
            ) : (
              <Button
                kind="primary"
                pending={press.pending}
                onClick={() => void press.run({ body: { token } }).then(() => setDone(true), setFault)}
              >
                {t(`notices.card.${asked.action}`)}
              </Button>
            )}
          </Section>
        )}
      </Page>
    </Screen>
  )
}
