import { useRouter } from '@tanstack/react-router'
import type { MouseEvent } from 'react'
import { getMail } from '../../../../server/platform/mail/contract.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Drawer } from '../../../kit/dialog.tsx'
import { Pairs } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { stateTone } from './mail-state.ts'

/** One mail, as text: the page's own rules allow no frame for its HTML, and the text says the same. */
export function MailDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const mail = useRoute(getMail, { params: { id } })
  return (
    <Drawer open onClose={onClose} title={mail.data?.subject ?? t('mailbox.loading')}>
      {mail.data ? (
        <div className="grid gap-5">
          <Pairs
            align="start"
            pairs={[
              [t('mailbox.recipient'), mail.data.recipient],
              [t('mailbox.at'), format.dateTime(mail.data.createdAt)],
              [
                t('mailbox.state'),
                <Badge key="state" tone={stateTone(mail.data.state)}>
                  {t(`mailbox.state.${mail.data.state}`)}
                </Badge>,
              ],
            ]}
          />
          {mail.data.lastError && <Note tone="red">{mail.data.lastError}</Note>}
          <div className="s-mail">
            <LinkedText text={mail.data.text} />
          </div>
        </div>
      ) : mail.error ? (
        <Note tone="red" alert>
          {wordsOf(mail.error, t)}
        </Note>
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Drawer>
  )
}

const address = /(https?:\/\/\S+)/

/** A text whose addresses can be followed. */
function LinkedText({ text }: { text: string }) {
  let at = 0
  return text.split(address).map(part => {
    at += part.length
    return address.test(part) ? <AddressLink key={at} href={part} /> : part
  })
}

/** Within this installation a link leads on in the page, without loading it again. */
function AddressLink({ href }: { href: string }) {
  const router = useRouter()
  const url = URL.canParse(href) ? new URL(href) : undefined
  if (url?.origin !== location.origin)
    return (
      <a href={href} className="k-link" target="_blank" rel="noreferrer">
        {href}
      </a>
    )
  const path = `${url.pathname}${url.search}${url.hash}`
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    router.history.push(path)
  }
  return (
    <a href={path} className="k-link" onClick={follow}>
      {href}
    </a>
  )
}
