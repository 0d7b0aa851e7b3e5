import { lazy, type ReactNode, Suspense } from 'react'
import type { Permission } from '../../../server/platform/permissions/contract.ts'
import { useMay } from '../../api/session.tsx'
import { withTexts } from '../../i18n/load.ts'

const Refused = lazy(async () => {
  const load = withTexts(() => import('./refused.tsx'), 'permissions')
  return { default: (await load()).Refused }
})

/** Its content for whoever holds the permission; words for everybody else who came by the address. */
export function Permitted({ permission, children }: { permission: Permission; children: ReactNode }) {
  if (useMay(permission)) return children
  return (
    <Suspense>
      <Refused permission={permission} />
    </Suspense>
  )
}
