import { createContext, type ReactNode, use } from 'react'
import type { Permission } from '../../server/platform/permissions/contract.ts'
import { TimeZoneProvider } from '../i18n/provider.tsx'

export interface Tenant {
  id: string
  name: string
  /** IANA name. */
  timeZone: string
  currency: 'JPY' | 'USD'
  /** Month the fiscal year begins with, 1 to 12. */
  fiscalStart: number
}

/** Who is signed in, where, and what they may do there. */
export interface Session {
  user: { id: string; name: string; email: string }
  /** The company the page works in. */
  tenant: Tenant
  /** All companies the person belongs to. */
  tenants: readonly Pick<Tenant, 'id' | 'name'>[]
  permissions: readonly Permission[]
}

interface SessionActions {
  switchTenant: (id: string) => void
  signOut: () => void
}

const SessionContext = createContext<(Session & SessionActions) | null>(null)

interface SessionProviderProps extends SessionActions {
  session: Session
  children: ReactNode
}

/** Gives the screens the session, and the formatters the time zone of its company. */
export function SessionProvider({ session, switchTenant, signOut, children }: SessionProviderProps) {
  return (
    <SessionContext value={{ ...session, switchTenant, signOut }}>
      <TimeZoneProvider timeZone={session.tenant.timeZone}>{children}</TimeZoneProvider>
    </SessionContext>
  )
}

/** The session; only below SessionProvider, that is: on every screen behind the sign-in. */
export function useSession(): Session & SessionActions {
  const session = use(SessionContext)
  if (!session) throw new Error('A screen reads the session outside of <SessionProvider>. Put it behind the sign-in.')
  return session
}

/** Whether the person holds a permission here; the server asks again, this only spares a dead end. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}
