import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import {
  listInvitations,
  resendInvitation,
  revokeInvitation,
} from '../../../../server/platform/identity/contract/company.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Menu, MenuItem } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'

type Invitation = RouteReply<typeof listInvitations>['items'][number]

const look = {
  open: { tone: 'accent', icon: 'mail' },
  accepted: { tone: 'green', icon: 'check' },
  revoked: { tone: 'plain', icon: 'close' },
  expired: { tone: 'yellow', icon: 'clock' },
} as const

/** Who was invited, newest first. */
export function InvitationTable({ onInvite }: { onInvite: () => void }) {
  const t = useText()
  const format = useFormat()
  const invitations = useRoutePages(listInvitations, { query: { limit: 100 } })
  const [revoking, setRevoking] = useState<Invitation | null>(null)
  const columns = useMemo<Column<Invitation>[]>(
    () => [
      {
        id: 'email',
        header: t('members.email'),
        clip: true,
        cell: row => <span title={row.email}>{row.email}</span>,
      },
      {
        id: 'role',
        header: t('members.role'),
        width: 168,
        narrow: 'hide',
        cell: row => t(`roles.${row.role}`),
      },
      {
        id: 'state',
        header: t('members.state'),
        width: 104,
        cell: row => (
          <Badge tone={look[row.state].tone} icon={look[row.state].icon}>
            {t(`members.state.${row.state}`)}
          </Badge>
        ),
      },
      {
        id: 'by',
        header: t('members.invitedBy'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span title={row.invitedBy ?? undefined}>{row.invitedBy ?? <span className="text-t3">–</span>}</span>
        ),
      },
      {
        id: 'sent',
        header: t('members.sent'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => <span title={format.dateTime(row.createdAt)}>{format.relative(row.createdAt)}</span>,
      },
      {
        id: 'expires',
        header: t('members.expires'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        cell: row => (row.state === 'open' ? format.day(row.expiresAt) : <span className="text-t3">–</span>),
      },
      {
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 40,
        cell: row =>
          (row.state === 'open' || row.state === 'expired') && (
            <InvitationMenu invitation={row} onRevoke={() => setRevoking(row)} />
          ),
      },
    ],
    [t, format],
  )
  return (
    <>
      <DataTable
        id="invitations"
        label={t('members.invitations')}
        columns={columns}
        rows={invitations.rows}
        rowId={row => row.id}
        rowName={row => row.email}
        more={invitations.more}
        problem={invitations.problem ? { text: wordsOf(invitations.problem, t), retry: invitations.retry } : undefined}
        empty={
          <EmptyState
            title={t('members.noInvitations')}
            text={t('members.noInvitationsText')}
            actions={
              <Button kind="primary" onClick={onInvite}>
                {t('members.invite')}
              </Button>
            }
          />
        }
      />
      {revoking && <RevokeDialog invitation={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function InvitationMenu({ invitation, onRevoke }: { invitation: Invitation; onRevoke: () => void }) {
  const t = useText()
  const resend = useCommand(resendInvitation, {
    onDone: () => toastDone(t('members.resent', { email: invitation.email })),
  })
  return (
    <Menu trigger={<IconButton icon="more" label={t('members.actionsFor', { email: invitation.email })} />}>
      <MenuItem icon="mail" onSelect={() => resend.run({ params: { id: invitation.id } }).catch(() => {})}>
        {t('members.resend')}
      </MenuItem>
      <MenuItem icon="close" tone="danger" onSelect={onRevoke}>
        {t('members.revoke')}
      </MenuItem>
    </Menu>
  )
}

function RevokeDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const t = useText()
  const revoke = useCommand(revokeInvitation, {
    onDone: () => toastDone(t('members.revoked', { email: invitation.email })),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('members.revokeTitle', { email: invitation.email })}
      text={t('members.revokeText')}
      confirm={t('members.revokeConfirm')}
      onConfirm={() => revoke.run({ params: { id: invitation.id } })}
    />
  )
}
