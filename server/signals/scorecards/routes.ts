import { implement } from '../../platform/http/implement.ts'
import * as cards from './commands/cards.ts'
import * as judgement from './commands/judgement.ts'
import { recalculateNow } from './commands/now.ts'
import * as contract from './contract/cards.ts'
import * as health from './contract/health.ts'
import { backtestScorecard } from './queries/backtest.ts'
import { customerHealth, healthChanges } from './queries/breakdown.ts'
import { getScorecard, listScorecards, listVersions } from './queries/list.ts'
import { healthMovers, healthOverview } from './queries/overview.ts'
import { previewCustomers, previewScorecard } from './queries/preview.ts'

export const routes = [
  implement(contract.listScorecards, ctx => listScorecards(ctx)),
  implement(contract.createScorecard, async (ctx, { body }) =>
    getScorecard(ctx, await cards.createScorecard(ctx, body)),
  ),
  implement(contract.getScorecard, (ctx, { params }) => getScorecard(ctx, params.id)),
  implement(contract.updateScorecard, async (ctx, { params, body }) => {
    await cards.updateScorecard(ctx, params.id, body)
    return getScorecard(ctx, params.id)
  }),
  implement(contract.publishScorecard, async (ctx, { params, body }) => {
    await cards.publishScorecard(ctx, params.id, body.note)
    return getScorecard(ctx, params.id)
  }),
  implement(contract.deleteScorecard, async (ctx, { params }) => {
    await cards.deleteScorecard(ctx, params.id)
    return undefined
  }),
  implement(contract.listScorecardVersions, (ctx, { params }) => listVersions(ctx, params.id)),
  implement(contract.previewScorecard, (ctx, { params, body }) => previewScorecard(ctx, params.id, body)),
  implement(contract.previewCustomers, (ctx, { params, body, query }) => previewCustomers(ctx, params.id, body, query)),
  implement(contract.backtestScorecard, (ctx, { params, body }) => backtestScorecard(ctx, params.id, body)),
  implement(health.customerHealth, (ctx, { params, query }) => customerHealth(ctx, params.id, query.day)),
  implement(health.healthChanges, (ctx, { params, query }) => healthChanges(ctx, params.id, query)),
  implement(health.overrideHealth, async (ctx, { params, body }) => ({
    id: await judgement.overrideHealth(ctx, params.id, body),
  })),
  implement(health.endHealthOverride, async (ctx, { params }) => {
    await judgement.endOverride(ctx, params.id)
    return undefined
  }),
  implement(health.measureHealth, async (ctx, { params, body }) => ({
    id: await judgement.measureHealth(ctx, params.id, body),
  })),
  implement(health.recalculate, (ctx, { body }) => recalculateNow(ctx, body.customerIds)),
  implement(health.healthOverview, (ctx, { query }) => healthOverview(ctx, query)),
  implement(health.healthMovers, (ctx, { query }) => healthMovers(ctx, query)),
]
