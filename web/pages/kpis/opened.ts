import type { getKpi } from '../../../server/insights/kpis/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'

/** A KPI as its page has it. */
export type OpenKpi = RouteReply<typeof getKpi>
