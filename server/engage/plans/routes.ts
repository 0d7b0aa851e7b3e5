import { implement } from '../../platform/http/implement.ts'
import { addMilestone, createPlan, updateMilestone, updatePlan } from './commands.ts'
import * as contract from './contract.ts'
import { getMilestone, getPlan, listPlans } from './queries.ts'

export const routes = [
  implement(contract.listPlans, (ctx, { params, query }) => listPlans(ctx, params.id, query)),
  implement(contract.createPlan, async (ctx, { params, body }) => getPlan(ctx, await createPlan(ctx, params.id, body))),
  implement(contract.getPlan, (ctx, { params }) => getPlan(ctx, params.planId)),
  implement(contract.updatePlan, async (ctx, { params, body }) => {
    await updatePlan(ctx, params.planId, body)
    return getPlan(ctx, params.planId)
  }),
  implement(contract.addMilestone, async (ctx, { params, body }) =>
    getMilestone(ctx, await addMilestone(ctx, params.planId, body)),
  ),
  implement(contract.updateMilestone, async (ctx, { params, body }) => {
    await updateMilestone(ctx, params.planId, params.milestoneId, body)
    return getMilestone(ctx, params.milestoneId)
  }),
]
