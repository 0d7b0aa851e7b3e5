import type { RouteReply } from '../../../server/platform/http/contract.ts'
import type { healthOverview } from '../../../server/signals/scorecards/contract/health.ts'

export type Overview = RouteReply<typeof healthOverview>
