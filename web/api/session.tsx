import { createContext, type ReactNode, use } from 'react'
import type { RouteReply } from '../../server/platform/http/contract.ts'
import { getSession } from '../../server/platform/identity/contract/account.ts'
import type { Permission } from '../../server/platform/permissions/contract.ts'
import { TimeZoneProvider } from '../i18n/provider.tsx'
import { queries, routeQuery } from './hooks.ts'
import { ApiProblem } from './problem.ts'

type SessionReply = RouteReply<typeof getSession>

/** Who is signed in, in which company, with which rights and record scopes. */
export type Session = Pick<SessionReply, 'user' | 'tenants'> & {
  tenant: NonNullable<SessionReply['tenant']>
  member: NonNullable<SessionReply['member']>
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

/** The session where there is one: for what stands on both sides of the sign-in. */
export function useSessionIfAny(): Session | null {
  return use(SessionContext)
}

/** Whether the person holds a permission here, in any scope; the server asks again, this only spares a dead end. */
export function useMay(permission: Permission): boolean {
  return useSession().member.grants[permission] !== undefined
}

/**
 * How far the person is signed in, from the cache where it is known.
 * @throws ApiProblem when the server does not answer
 */
export async function sessionState(): Promise<SessionReply['state'] | 'signed_out'> {
  try {
    return (await queries.ensureQueryData(routeQuery(getSession))).state
  } catch (fault) {
    if (fault instanceof ApiProblem && fault.code === 'unauthenticated') return 'signed_out'
    throw fault
  }
}
