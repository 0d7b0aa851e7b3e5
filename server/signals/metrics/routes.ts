import { implement } from '../../platform/http/implement.ts'
import * as own from './commands/own.ts'
import { startRebuild } from './commands/rebuild.ts'
import * as contract from './contract.ts'
import { figuresOfCustomer, getOwnMetric, keepingNow, metricCatalogue } from './queries/catalogue.ts'

export const routes = [
  implement(contract.listMetrics, ctx => metricCatalogue(ctx)),
  implement(contract.createOwnMetric, async (ctx, { body }) => getOwnMetric(ctx, await own.createOwnMetric(ctx, body))),
  implement(contract.updateOwnMetric, async (ctx, { params, body }) => {
    await own.updateOwnMetric(ctx, params.id, body)
    return getOwnMetric(ctx, params.id)
  }),
  implement(contract.deleteOwnMetric, async (ctx, { params }) => {
    await own.deleteOwnMetric(ctx, params.id)
    return undefined
  }),
  implement(contract.previewOwnMetric, (ctx, { body }) => own.previewOwnMetric(ctx, body.definition)),
  implement(contract.customerFigures, (ctx, { params, query }) => figuresOfCustomer(ctx, params.id, query)),
  implement(contract.rebuildFigures, async (ctx, { body }) => ({ days: await startRebuild(ctx, body.since) })),
  implement(contract.readKeeping, ctx => keepingNow(ctx)),
  implement(contract.changeKeeping, async (ctx, { body }) => {
    await own.changeKeeping(ctx, body)
    return keepingNow(ctx)
  }),
]
