import type { FastifyRequest } from 'fastify'
import type { Actor, Origin, TenantId } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import type { OpenTransaction } from '../tenancy/transaction.ts'

/** Who a request comes from, looked up in the database for each request: a right that is taken away is gone at once. */
export interface Signed {
  /** Present when the request acts in a company. */
  member?: { actor: Actor; tenantId: TenantId }
  /** Present when a person is signed in by a session. */
  session?: { id: string; userId: string; tenantId: string | null; secondFactorPending: boolean }
}

/** Turns what a request carries into who it is. Implemented by identity, called by the gate. */
export interface Authenticator {
  /** Begins the request's transaction; the first look-up travels in the same round trip. */
  open(
    installation: Installation,
    origin: Origin,
    request: FastifyRequest,
  ): Promise<{ transaction: OpenTransaction; signed: Signed }>
  /** Whether the request carries the cookie of a session, which a browser sends by itself: such writes need the CSRF check. */
  carriesCookie(request: FastifyRequest): boolean
}
