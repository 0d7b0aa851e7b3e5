import { permissions } from '../../server/platform/permissions/contract.ts'
import type { Session } from '../api/session.tsx'

/** Stands in until the sign-in routes answer: router.tsx then loads the session by the typed client instead. */
export const standInSession: Session = {
  user: { id: '0', name: 'Sato Misaki', email: 'misaki@example.com' },
  tenant: { id: '0', name: 'Kizuna', timeZone: 'Asia/Tokyo', currency: 'JPY', fiscalStart: 4 },
  tenants: [
    { id: '0', name: 'Kizuna' },
    { id: '1', name: 'Minato Cloud Services Asia Pacific' },
  ],
  permissions,
}
