import { useMemo, useState } from 'react'
import { deleteTeam, listTeams } from '../../../../server/platform/identity/contract/company.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Menu, MenuItem } from '../../../kit/menu.tsx'
import { Note } from '../../../kit/note.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { staleTeams, type Team, TeamDialog } from './team-dialog.tsx'

export function TeamsPage() {
  const t = useText()
  const { member } = useSession()
  const [edited, setEdited] = useState<Team | 'new' | null>(null)
  const mayCreate = member.grants['teams.manage'] === 'all'
  return (
    <SettingsScreen
      title={t('teams.title')}
      wide
      actions={
        mayCreate && (
          <Button kind="primary" size="small" icon="plus" onClick={() => setEdited('new')}>
            {t('teams.create')}
          </Button>
        )
      }
    >
      <Permitted permission="teams.read">
        <TeamTable onEdit={setEdited} mayCreate={mayCreate} />
      </Permitted>
      {edited && <TeamDialog team={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
    </SettingsScreen>
  )
}

function TeamTable({ onEdit, mayCreate }: { onEdit: (team: Team | 'new') => void; mayCreate: boolean }) {
  const t = useText()
  const format = useFormat()
  const { member } = useSession()
  const scope = member.grants['teams.manage']
  const teams = useRoutePages(listTeams, { query: { limit: 200 } })
  const [dissolving, setDissolving] = useState<Team | null>(null)
  const columns = useMemo<Column<Team>[]>(
    () => [
      {
        id: 'name',
        header: t('teams.name'),
        width: 240,
        sort: row => row.name,
        cell: row => <strong>{row.name}</strong>,
      },
      {
        id: 'count',
        header: t('teams.count'),
        align: 'end',
        width: 72,
        sort: row => row.members.length,
        cell: row => format.number(row.members.length),
      },
      {
        id: 'members',
        header: t('teams.members'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const names = row.members.map(each => each.name).join(t('members.comma'))
          return <span title={names}>{names || <span className="text-t3">{t('teams.nobody')}</span>}</span>
        },
      },
      ...(scope
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Team) =>
                (scope === 'all' || row.members.some(each => each.id === member.id)) && (
                  <Menu trigger={<IconButton icon="more" label={t('teams.actionsFor', { name: row.name })} />}>
                    <MenuItem icon="note" onSelect={() => onEdit(row)}>
                      {t('teams.edit')}
                    </MenuItem>
                    <MenuItem icon="trash" tone="danger" onSelect={() => setDissolving(row)}>
                      {t('teams.dissolve')}
                    </MenuItem>
                  </Menu>
                ),
            },
          ]
        : []),
    ],
    [t, format, scope, member.id, onEdit],
  )
  return (
    <>
      {scope === 'team' && (
        <div className="mb-5">
          <Note>{t('teams.ownOnly')}</Note>
        </div>
      )}
      <DataTable
        id="teams"
        label={t('teams.title')}
        columns={columns}
        rows={teams.rows}
        rowId={row => row.id}
        rowName={row => row.name}
        more={teams.more}
        problem={teams.problem ? { text: wordsOf(teams.problem, t), retry: teams.retry } : undefined}
        detail={row => (
          <ul className="s-names" aria-label={t('teams.membersOf', { name: row.name })}>
            {row.members.length === 0 && <li className="text-t3">{t('teams.nobody')}</li>}
            {row.members.map(each => (
              <li key={each.id}>{each.name}</li>
            ))}
          </ul>
        )}
        empty={
          <EmptyState
            title={t('teams.empty')}
            text={t('teams.emptyText')}
            actions={
              mayCreate && (
                <Button kind="primary" onClick={() => onEdit('new')}>
                  {t('teams.create')}
                </Button>
              )
            }
          />
        }
      />
      {dissolving && <DissolveDialog team={dissolving} onClose={() => setDissolving(null)} />}
    </>
  )
}

function DissolveDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const t = useText()
  const dissolve = useCommand(deleteTeam, {
    stale: staleTeams,
    onDone: () => toastDone(t('teams.dissolved', { name: team.name })),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('teams.dissolveTitle', { name: team.name })}
      text={t('teams.dissolveText', { count: team.members.length })}
      confirm={t('teams.dissolveConfirm')}
      onConfirm={() => dissolve.run({ params: { id: team.id } })}
    />
  )
}
