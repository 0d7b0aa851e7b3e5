import { type Context, tenantIdOf } from '../context/context.ts'
import type { Installation } from '../context/installation.ts'
import { inTenant } from './transaction.ts'

/** Does work in a company, each time in a transaction of its own. */
export type Inside = <Result>(work: (ctx: Context) => Promise<Result>) => Promise<Result>

/** How a job that works in several transactions enters a company: as the system. @param name what acts, in the audit log */
export function insideOf(installation: Installation, tenantId: string, name: string): Inside {
  const actor = { kind: 'system', id: undefined, name } as const
  return work => {
    const origin = { requestId: name, network: undefined, locale: 'ja', now: new Date() } as const
    return inTenant(installation, origin, tenantIdOf(tenantId), actor, work)
  }
}
