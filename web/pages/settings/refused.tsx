import type { Permission } from '../../../server/platform/permissions/contract.ts'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'

/** Says which permission is missing. */
export function Refused({ permission }: { permission: Permission }) {
  const t = useText()
  return (
    <EmptyState
      title={t('settings.refused.title')}
      text={t('settings.refused.text', { permission: t(`permissions.${permission}`) })}
    />
  )
}
