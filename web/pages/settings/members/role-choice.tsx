import { useState } from 'react'
import { updateMember } from '../../../../server/platform/identity/contract/company.ts'
import type { Role } from '../../../../server/platform/permissions/contract.ts'
import { useCommand } from '../../../api/hooks.ts'
import type { Member } from '../../../features/identity/all-members.ts'
import { roleOf, useRoleOptions } from '../../../features/identity/role-options.ts'
import { useText } from '../../../i18n/provider.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { Select } from '../../../kit/field.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { staleMembers } from './stale-answers.ts'

/** The role of a member, changed in its row; asks first where an administrator comes or goes, or where it is one's own. */
export function RoleChoice({ member, isMe }: { member: Member; isMe: boolean }) {
  const t = useText()
  const options = useRoleOptions()
  // Shown until the list is fetched again: the choice must not jump back in between.
  const [wanted, setWanted] = useState<Role | null>(null)
  const [asking, setAsking] = useState<Role | null>(null)
  const change = useCommand(updateMember, { stale: staleMembers })

  const set = async (role: Role) => {
    const before = member.role
    setWanted(role)
    try {
      await change.run({ params: { id: member.id }, body: { role } })
      const undo = () => void change.run({ params: { id: member.id }, body: { role: before } }).catch(() => {})
      toastDone(t('members.roleChanged', { name: member.name, role: t(`roles.${role}`) }), isMe ? {} : { undo })
    } finally {
      setWanted(null)
    }
  }
  const choose = (text: string) => {
    const role = roleOf(text)
    if (!role || role === member.role) return
    if (isMe || role === 'administrator' || member.role === 'administrator') setAsking(role)
    else set(role).catch(() => {})
  }
  return (
    <span className="s-inline">
      <Select
        aria-label={t('members.roleOf', { name: member.name })}
        options={options}
        value={wanted ?? asking ?? member.role}
        aria-busy={change.pending || undefined}
        onChange={event => choose(event.currentTarget.value)}
      />
      {asking && (
        <ConfirmDialog
          open
          onClose={() => setAsking(null)}
          title={t('members.roleTitle', { name: member.name, role: t(`roles.${asking}`) })}
          text={
            isMe
              ? t('members.roleSelfText')
              : t(asking === 'administrator' ? 'members.roleUpText' : 'members.roleDownText')
          }
          confirm={t('members.roleConfirm')}
          onConfirm={() => set(asking)}
        />
      )}
    </span>
  )
}
