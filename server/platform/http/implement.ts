import type { Readable } from 'node:stream'
import type { Context } from '../context/context.ts'
import type { AccountContext } from '../tenancy/transaction.ts'
import type { Access, RouteContract, RouteInput, RouteReply } from './contract.ts'

/** A signed-in person, whatever company they work in. */
export interface PersonContext extends AccountContext {
  userId: string
  sessionId: string
  /** The company that the session works in. */
  tenantId: string | null
  secondFactorPending: boolean
}

/** What the contract's access makes of the surroundings of its handler. */
export type Surroundings<A extends Access> = A extends 'public'
  ? AccountContext
  : A extends 'session' | 'half_session'
    ? PersonContext
    : Context

/** The parts of HTTP that a few handlers need: the session cookie, and what the browser calls itself. */
export interface Exchange {
  /** Sets the session cookie; null removes it. */
  setSession(token: { text: string; expiresAt: Date } | null): void
  userAgent: string
}

/** JSON that PostgreSQL has built: sent as it stands, neither parsed nor written again. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A file to keep: its content as it comes, its type, and the name under which a browser saves it. */
export class Download {
  readonly stream: Readable
  readonly type: string
  readonly name: string
  constructor(stream: Readable, type: string, name: string) {
    this.stream = stream
    this.type = type
    this.name = name
  }
}

/** A contract with its handler, types put aside: what the gate registers. */
export interface Implementation {
  contract: RouteContract
  handle(surroundings: never, input: never, exchange: Exchange): Promise<unknown>
}

/** Pairs a contract with the function that serves it. */
export function implement<Contract extends RouteContract>(
  contract: Contract,
  handle: (
    surroundings: Surroundings<Contract['access']>,
    input: RouteInput<Contract>,
    exchange: Exchange,
  ) => Promise<RouteReply<Contract> | JsonText | Readable | Download>,
): Implementation {
  return { contract, handle }
}
