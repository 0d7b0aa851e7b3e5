import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../../api/session.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { Tabs } from '../../../kit/tabs.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { InvitationTable } from './invitations.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberTable } from './member-table.tsx'

export function MembersPage() {
  const t = useText()
  const mayManage = useMay('members.manage')
  const { tab = 'members' } = useSearch({ from: '/workspace/settings/members' })
  const navigate = useNavigate({ from: '/settings/members' })
  const [inviting, setInviting] = useState(false)
  const invite = () => setInviting(true)
  const members = <MemberTable onInvite={mayManage ? invite : undefined} />
  return (
    <SettingsScreen
      title={t('members.title')}
      wide
      actions={
        mayManage && (
          <Button kind="primary" size="small" icon="plus" onClick={invite}>
            {t('members.invite')}
          </Button>
        )
      }
    >
      <Permitted permission="members.read">
        {mayManage ? (
          <Tabs
            label={t('members.title')}
            value={tab}
            onChange={next =>
              void navigate({ search: next === 'members' ? {} : { tab: next }, replace: true, resetScroll: false })
            }
            tabs={[
              { value: 'members', label: t('members.title'), content: members },
              { value: 'invitations', label: t('members.invitations'), content: <InvitationTable onInvite={invite} /> },
            ]}
          />
        ) : (
          members
        )}
      </Permitted>
      {inviting && (
        <InviteDialog
          onClose={() => setInviting(false)}
          onDone={() => {
            setInviting(false)
            void navigate({ search: { tab: 'invitations' }, replace: true })
          }}
        />
      )}
    </SettingsScreen>
  )
}
