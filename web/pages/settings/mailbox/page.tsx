import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { listMails } from '../../../../server/platform/mail/contract.ts'
import { useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useRefresh } from '../../../api/refresh.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Note } from '../../../kit/note.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { MailDrawer } from './mail-drawer.tsx'
import { stateTone } from './mail-state.ts'

type Mail = RouteReply<typeof listMails>['items'][number]

/** Seconds between two looks for new mail. */
const refreshSeconds = 5

export function MailboxPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('mailbox.title')} wide>
      <Permitted permission="mailbox.read">
        <MailTable />
      </Permitted>
    </SettingsScreen>
  )
}

function MailTable() {
  const t = useText()
  const format = useFormat()
  const mails = useRoutePages(listMails, {})
  const [opened, setOpened] = useState<string | null>(null)
  useRefresh('/api/v1/mails', refreshSeconds)
  const columns = useMemo<Column<Mail>[]>(
    () => [
      {
        id: 'subject',
        header: t('mailbox.subject'),
        clip: true,
        cell: row => (
          <button type="button" className="k-link" title={row.subject} onClick={() => setOpened(row.id)}>
            {row.subject}
          </button>
        ),
      },
      {
        id: 'recipient',
        header: t('mailbox.recipient'),
        clip: true,
        cell: row => <span title={row.recipient}>{row.recipient}</span>,
      },
      {
        id: 'state',
        header: t('mailbox.state'),
        width: 104,
        narrow: 'hide',
        cell: row => <Badge tone={stateTone(row.state)}>{t(`mailbox.state.${row.state}`)}</Badge>,
      },
      {
        id: 'at',
        header: t('mailbox.at'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        cell: row => <span title={format.dateTime(row.createdAt)}>{format.relative(row.createdAt)}</span>,
      },
    ],
    [t, format],
  )
  // The server keeps this closed once an SMTP server is set: mails then are no business of an administrator.
  if (mails.problem?.status === 404) return <EmptyState title={t('mailbox.closed')} text={t('mailbox.closedText')} />
  return (
    <>
      <div className="mb-5">
        <Note>{t('mailbox.intro')}</Note>
      </div>
      <DataTable
        id="mailbox"
        label={t('mailbox.title')}
        columns={columns}
        rows={mails.rows}
        rowId={row => row.id}
        rowName={row => row.subject}
        more={mails.more}
        problem={mails.problem ? { text: wordsOf(mails.problem, t), retry: mails.retry } : undefined}
        empty={<EmptyState title={t('mailbox.empty')} text={t('mailbox.emptyText')} />}
      />
      {opened && <MailDrawer id={opened} onClose={() => setOpened(null)} />}
    </>
  )
}
