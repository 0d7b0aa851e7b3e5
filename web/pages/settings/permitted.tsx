import type { ReactNode } from 'react'
import type { Permission } from '../../../server/platform/permissions/contract.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'

/** Its content for whoever holds the permission; words for everybody else who came by the address. */
export function Permitted({ permission, children }: { permission: Permission; children: ReactNode }) {
  const t = useText()
  if (useMay(permission)) return children
  return (
    <EmptyState
      title={t('settings.refused.title')}
      text={t('settings.refused.text', { permission: t(`roles.permission.${permission}`) })}
    />
  )
}
