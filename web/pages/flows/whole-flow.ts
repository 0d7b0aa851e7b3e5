import type { getFlow } from '../../../server/engage/flows/contract/flows.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'

export type WholeFlow = RouteReply<typeof getFlow>

/** What a change to a flow makes stale. */
export const staleFlows = ['/api/v1/flows', '/api/v1/flow-enrolments']

export const stateTones = { draft: 'line', enabled: 'green', paused: 'yellow', archived: 'plain' } as const
