import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type { listStages } from '../../../server/signals/lifecycle/contract/stages.ts'

export type Stage = RouteReply<typeof listStages>['items'][number]

/** What a move or a changed stage makes stale. */
export const staleLifecycle = ['/api/v1/automation/lifecycle', '/api/v1/contacts', '/api/v1/customers']
