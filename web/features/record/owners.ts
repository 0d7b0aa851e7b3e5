import { useEffect, useMemo } from 'react'
import { listMembers } from '../../../server/platform/identity/contract/company.ts'
import { useRoutePages } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import type { Option } from '../../kit/search-select.tsx'

/** Everybody who may look after customers, as a choice; nobody comes first. */
export function useOwnerOptions(): Option[] {
  const t = useText()
  const { rows, more } = useRoutePages(listMembers, { query: { limit: 200 } })
  useEffect(() => {
    if (more && !more.pending) more.load()
  }, [more])
  return useMemo(
    () => [
      { value: '', label: t('customers.nobody') },
      ...(rows ?? []).map(member => ({
        value: member.id,
        label: member.name,
        hint: t(`roles.${member.role}`),
        keywords: [member.email],
      })),
    ],
    [rows, t],
  )
}
