import { implement } from '../../platform/http/implement.ts'
import * as commands from './commands/models.ts'
import { putSettings } from './commands/settings.ts'
import * as models from './contract/models.ts'
import * as predictions from './contract/predictions.ts'
import * as settings from './contract/settings.ts'
import { customerChurn, simulateChurn } from './queries/customer.ts'
import { previewDefinition } from './queries/leaving.ts'
import { getModel, listModels, modelLineOf } from './queries/models.ts'
import { overviewOf, reasonsOfLeaving } from './queries/overview.ts'
import { listPredictions } from './queries/predictions.ts'
import { settingsOf } from './queries/settings.ts'

export const routes = [
  implement(models.churnOverview, ctx => overviewOf(ctx)),
  implement(models.churnReasons, (ctx, { query }) => reasonsOfLeaving(ctx, query)),
  implement(settings.getChurnSettings, ctx => settingsOf(ctx)),
  implement(settings.putChurnSettings, async (ctx, { body }) => {
    await putSettings(ctx, body)
    return body
  }),
  implement(settings.previewChurnDefinition, (ctx, { body }) => previewDefinition(ctx, body)),
  implement(models.listChurnModels, ctx => listModels(ctx)),
  implement(models.trainChurnModel, async (ctx, { body }) => modelLineOf(ctx, await commands.startTraining(ctx, body))),
  implement(models.getChurnModel, (ctx, { params }) => getModel(ctx, params.id)),
  implement(models.cancelChurnTraining, async (ctx, { params }) => {
    await commands.cancelTraining(ctx, params.id)
    return modelLineOf(ctx, params.id)
  }),
  implement(models.promoteChurnModel, async (ctx, { params, body }) => {
    await commands.promoteModel(ctx, params.id, body.algorithm)
    return modelLineOf(ctx, params.id)
  }),
  implement(models.rejectChurnModel, async (ctx, { params }) => {
    await commands.rejectModel(ctx, params.id)
    return modelLineOf(ctx, params.id)
  }),
  implement(predictions.listChurnPredictions, (ctx, { query }) => listPredictions(ctx, query)),
  implement(predictions.predictChurn, async ctx => {
    commands.startPrediction(ctx)
    return { queued: true as const }
  }),
  implement(predictions.getCustomerChurn, (ctx, { params }) => customerChurn(ctx, params.id)),
  implement(predictions.simulateCustomerChurn, (ctx, { params, body }) => simulateChurn(ctx, params.id, body)),
]
