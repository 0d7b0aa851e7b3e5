import { useMemo } from 'react'
import type { Assignment } from '../../../server/engage/tasks/contract/shapes.ts'
import { listTeams } from '../../../server/platform/identity/contract/company.ts'
import { useRoute } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { useAllMembers } from '../../features/identity/all-members.ts'
import { useText } from '../../i18n/provider.tsx'
import type { Option } from '../../kit/search-select.tsx'

/** Roles that tasks are given to as a whole. */
const rolesOfWork = ['csm', 'cs_manager', 'onboarding', 'support_l1', 'sales_marketing'] as const

/** Everybody to whom a task can be given: oneself, the customer's CSM, colleagues, teams, roles, nobody. */
export function useAssigneeOptions({ owner, groups = true }: { owner: boolean; groups?: boolean }): Option[] {
  const t = useText()
  const members = useAllMembers()
  const teams = useRoute(listTeams, { query: { limit: 200 } }).data?.items
  const { member: self } = useSession()
  return useMemo(() => {
    const me = members?.find(({ id }) => id === self.id)
    return [
      ...(me ? [{ value: `member:${me.id}`, label: t('tasks.me', { name: me.name }), keywords: [me.email] }] : []),
      ...(owner ? [{ value: 'owner', label: t('tasks.owner') }] : []),
      { value: 'nobody', label: t('tasks.nobody') },
      ...(members ?? [])
        .filter(({ id }) => id !== self.id)
        .map(({ id, name, role, email }) => ({
          value: `member:${id}`,
          label: name,
          hint: t(`roles.${role}`),
          keywords: [email],
        })),
      ...(groups
        ? (teams ?? []).flatMap(({ id, name }) => [
            { value: `team:${id}:load`, label: t('tasks.teamByLoad', { name }), hint: t('tasks.team') },
            { value: `team:${id}:turn`, label: t('tasks.teamInTurn', { name }), hint: t('tasks.team') },
          ])
        : []),
      ...(groups
        ? rolesOfWork.map(role => ({
            value: `role:${role}:load`,
            label: t('tasks.teamByLoad', { name: t(`roles.${role}`) }),
            hint: t('tasks.role'),
          }))
        : []),
    ]
  }, [members, teams, self.id, owner, groups, t])
}

/** What a value of these options means. */
export function assignmentOf(value: string): Assignment {
  const [kind, id = '', by] = value.split(':')
  if (kind === 'member') return { kind, id }
  if (kind === 'owner') return { kind }
  if (kind === 'team') return { kind, id, by: by === 'turn' ? 'turn' : 'load' }
  const role = rolesOfWork.find(each => each === id)
  return kind === 'role' && role ? { kind, role, by: 'load' } : { kind: 'nobody' }
}
