import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { listMembers, removeMember } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useMay, useSession } from '../../../api/session.tsx'
import type { Member } from '../../../features/identity/all-members.ts'
import { roleOf, useRoleOptions } from '../../../features/identity/role-options.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Avatar, Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { useDebounced } from '../../../kit/debounced.ts'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Select, TextInput } from '../../../kit/field.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { RoleChoice } from './role-choice.tsx'
import { staleMembers } from './stale-answers.ts'

/** The colleagues; for administrators with their roles to change and the way to take them out. */
export function MemberTable({ onInvite }: { onInvite: (() => void) | undefined }) {
  const t = useText()
  const format = useFormat()
  const me = useSession().member.id
  const mayManage = useMay('members.manage')
  const { role } = useSearch({ from: '/workspace/settings/members' })
  const navigate = useNavigate({ from: '/settings/members' })
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed.trim())
  const [leaving, setLeaving] = useState<Member | null>(null)
  const roleOptions = useRoleOptions()
  const members = useRoutePages(listMembers, { query: { limit: 200, role, search: search || undefined } })
  const setRole = (next: string) => void navigate({ search: { role: roleOf(next) }, replace: true, resetScroll: false })

  const columns = useMemo<Column<Member>[]>(
    () => [
      {
        id: 'name',
        header: t('members.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <span title={row.name}>
            <Avatar name={row.name} /> {row.name}
            {row.id === me && <small className="text-t3 text-12"> {t('members.you')}</small>}
          </span>
        ),
      },
      {
        id: 'email',
        header: t('members.email'),
        clip: true,
        narrow: 'hide',
        sort: row => row.email,
        cell: row => (
          <span className="text-t2" title={row.email}>
            {row.email}
          </span>
        ),
      },
      {
        id: 'role',
        header: t('members.role'),
        width: 208,
        sort: row => t(`roles.${row.role}`),
        cell: row => (mayManage ? <RoleChoice member={row} isMe={row.id === me} /> : t(`roles.${row.role}`)),
      },
      {
        id: 'teams',
        header: t('members.teams'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const names = row.teams.map(team => team.name).join(t('members.comma'))
          return <span title={names}>{names || <span className="text-t3">–</span>}</span>
        },
      },
      {
        id: 'factor',
        header: t('members.factor'),
        width: 96,
        narrow: 'hide',
        sort: row => (row.secondFactor ? 1 : 0),
        cell: row =>
          row.secondFactor ? (
            <Badge tone="green" icon="check">
              {t('security.factor.on')}
            </Badge>
          ) : (
            <Badge>{t('security.factor.off')}</Badge>
          ),
      },
      {
        id: 'joined',
        header: t('members.joined'),
        align: 'end',
        width: 112,
        narrow: 'hide',
        sort: row => row.joinedAt,
        cell: row => <span title={format.dateTime(row.joinedAt)}>{format.day(row.joinedAt)}</span>,
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Member) => (
                <IconButton
                  icon="trash"
                  label={t('members.remove', { name: row.name })}
                  onClick={() => setLeaving(row)}
                />
              ),
            },
          ]
        : []),
    ],
    [t, format, me, mayManage],
  )
  const isFiltered = role !== undefined || search !== ''

  return (
    <>
      <DataTable
        id="members"
        label={t('members.title')}
        columns={columns}
        rows={members.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={members.more}
        problem={members.problem ? { text: wordsOf(members.problem, t), retry: members.retry } : undefined}
        tools={
          <>
            <span className="s-tool">
              <TextInput
                type="search"
                icon="search"
                aria-label={t('members.search')}
                placeholder={t('members.search')}
                value={typed}
                onChange={event => setTyped(event.currentTarget.value)}
              />
            </span>
            <span className="s-tool">
              <Select
                aria-label={t('members.role')}
                placeholder={t('members.allRoles')}
                options={roleOptions}
                value={role ?? ''}
                onChange={event => setRole(event.currentTarget.value)}
              />
            </span>
          </>
        }
        empty={
          isFiltered ? (
            <EmptyState
              title={t('members.none')}
              text={t('members.noneText')}
              actions={
                <Button
                  onClick={() => {
                    setTyped('')
                    setRole('')
                  }}
                >
                  {t('members.clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              title={t('members.empty')}
              text={t('members.emptyText')}
              actions={
                onInvite && (
                  <Button kind="primary" onClick={onInvite}>
                    {t('members.invite')}
                  </Button>
                )
              }
            />
          )
        }
      />
      {leaving && <RemoveDialog member={leaving} isMe={leaving.id === me} onClose={() => setLeaving(null)} />}
    </>
  )
}

function RemoveDialog({ member, isMe, onClose }: { member: Member; isMe: boolean; onClose: () => void }) {
  const t = useText()
  const remove = useCommand(removeMember, {
    stale: [...staleMembers, '/api/v1/invitations'],
    onDone: () => toastDone(t('members.removed', { name: member.name })),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('members.removeTitle', { name: member.name })}
      text={t(isMe ? 'members.removeSelfText' : 'members.removeText')}
      confirm={t('members.removeConfirm')}
      onConfirm={() => remove.run({ params: { id: member.id } })}
    />
  )
}
