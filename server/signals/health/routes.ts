import { implement } from '../../platform/http/implement.ts'
import { calculateHealthScore, createHealthScore } from './commands.ts'
import * as contract from './contract.ts'
import { getHealthScore, listHealthAlerts, listHealthScores } from './queries.ts'

export const routes = [
  implement(contract.listHealthScores, (ctx, { params, query }) => listHealthScores(ctx, params.id, query)),
  implement(contract.createHealthScore, async (ctx, { params, body }) =>
    getHealthScore(ctx, await createHealthScore(ctx, params.id, body)),
  ),
  implement(contract.calculateHealthScore, async (ctx, { params, body }) =>
    getHealthScore(ctx, await calculateHealthScore(ctx, params.id, body)),
  ),
  implement(contract.listHealthAlerts, (ctx, { query }) => listHealthAlerts(ctx, query)),
]
