import { implement } from '../../platform/http/implement.ts'
import { moveContact } from './commands/move.ts'
import * as commands from './commands/stages.ts'
import * as funnel from './contract/funnel.ts'
import * as leads from './contract/leads.ts'
import * as stages from './contract/stages.ts'
import { funnelRows, lifecycleFunnel } from './queries/funnel.ts'
import { contactLifecycle, listLeads, listMoves } from './queries/leads.ts'
import { previewStage } from './queries/preview.ts'
import { getStage, listStages } from './queries/stages.ts'

export const routes = [
  implement(stages.listStages, ctx => listStages(ctx)),
  implement(stages.createStage, async (ctx, { body }) => getStage(ctx, await commands.createStage(ctx, body))),
  implement(stages.useStandardStages, async (ctx, { body }) => {
    await commands.useStandardStages(ctx, body)
    return listStages(ctx)
  }),
  implement(stages.orderStages, async (ctx, { body }) => {
    await commands.orderStages(ctx, body.ids)
    return listStages(ctx)
  }),
  implement(stages.previewStage, (ctx, { body }) => previewStage(ctx, body)),
  implement(stages.getStage, (ctx, { params }) => getStage(ctx, params.id)),
  implement(stages.updateStage, async (ctx, { params, body }) => {
    await commands.updateStage(ctx, params.id, body)
    return getStage(ctx, params.id)
  }),
  implement(stages.deleteStage, async (ctx, { params }) => {
    await commands.deleteStage(ctx, params.id)
    return undefined
  }),
  implement(leads.listLeads, (ctx, { query }) => listLeads(ctx, query)),
  implement(leads.listMoves, (ctx, { query }) => listMoves(ctx, query)),
  implement(leads.contactLifecycle, (ctx, { params }) => contactLifecycle(ctx, params.id)),
  implement(leads.moveContact, async (ctx, { params, body }) => ({ moveId: await moveContact(ctx, params.id, body) })),
  implement(funnel.lifecycleFunnel, (ctx, { query }) => lifecycleFunnel(ctx, query)),
  implement(funnel.funnelRows, (ctx, { query }) => funnelRows(ctx, query)),
]
