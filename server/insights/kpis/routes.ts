import { type Implementation, implement } from '../../platform/http/implement.ts'
import { removeTarget, setTarget } from './commands/targets.ts'
import * as contract from './contract.ts'
import { definitions, listKpis, oneKpi } from './queries/kpis.ts'
import { exportRows, kpiRows } from './queries/rows.ts'

export const routes: Implementation[] = [
  implement(contract.listKpis, (ctx, { query }) => listKpis(ctx, query)),
  implement(contract.describeKpis, async ctx => ({ items: definitions(ctx) })),
  implement(contract.getKpi, (ctx, { params, query }) => oneKpi(ctx, params.key, query)),
  implement(contract.listKpiRows, (ctx, { params, query }) => kpiRows(ctx, params.key, query)),
  implement(contract.exportKpiRows, (ctx, { params, query }) => exportRows(ctx, params.key, query)),
  implement(contract.setKpiTarget, (ctx, { params, body }) => setTarget(ctx, params.key, body)),
  implement(contract.deleteKpiTarget, async (ctx, { params }) => {
    await removeTarget(ctx, params.key)
    return undefined
  }),
]
