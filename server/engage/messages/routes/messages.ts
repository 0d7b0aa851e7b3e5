import { type Implementation, implement } from '../../../platform/http/implement.ts'
import type { RawImplementation } from '../../../platform/http/raw.ts'
import * as campaigns from '../commands/campaigns.ts'
import { previewMessage, previewPage } from '../commands/preview.ts'
import { createProvider, deleteProvider, receiveMailEvents as receive } from '../commands/providers.ts'
import * as senders from '../commands/senders.ts'
import { addSuppression, removeSuppression } from '../commands/suppress.ts'
import * as templates from '../commands/templates.ts'
import { sendTest } from '../commands/test.ts'
import * as topics from '../commands/topics.ts'
import * as campaignContract from '../contract/campaigns.ts'
import { receiveMailEvents } from '../contract/public.ts'
import * as settingsContract from '../contract/settings.ts'
import * as templateContract from '../contract/templates.ts'
import * as topicContract from '../contract/topics.ts'
import { audiencePreview } from '../queries/audience.ts'
import { campaignPage, messagePage, oneCampaign } from '../queries/campaigns.ts'
import { messageFigureList } from '../queries/figures.ts'
import { providerList, providerPath } from '../queries/providers.ts'
import { senderList } from '../queries/senders.ts'
import { messageSettings } from '../queries/stored.ts'
import { suppressionPage } from '../queries/suppressions.ts'
import { oneTemplate, sharedBlockList, templateList } from '../queries/templates.ts'
import { topicList } from '../queries/topics.ts'

const done = async (work: Promise<unknown>) => {
  await work
  return undefined
}

export const routes: readonly Implementation[] = [
  implement(templateContract.listTemplates, (ctx, { query }) => templateList(ctx, query.state)),
  implement(templateContract.createTemplate, async (ctx, { body }) =>
    oneTemplate(ctx, await templates.createTemplate(ctx, body)),
  ),
  implement(templateContract.getTemplate, (ctx, { params, query }) => oneTemplate(ctx, params.id, query.version)),
  implement(templateContract.updateTemplate, async (ctx, { params, body }) => {
    await templates.updateTemplate(ctx, params.id, body)
    return oneTemplate(ctx, params.id)
  }),
  implement(templateContract.testTemplate, async (ctx, { params, body }) => ({
    to: await sendTest(ctx, params.id, body),
  })),
  implement(templateContract.previewTemplate, (ctx, { body }) => previewMessage(ctx, body)),
  implement(templateContract.showPreview, (ctx, { params }) => previewPage(ctx, params.id)),
  implement(templateContract.listSharedBlocks, ctx => sharedBlockList(ctx)),
  implement(templateContract.saveSharedBlock, async (ctx, { body }) => ({
    id: await templates.saveSharedBlock(ctx, body),
  })),
  implement(templateContract.deleteSharedBlock, (ctx, { params }) => done(templates.deleteSharedBlock(ctx, params.id))),
  implement(campaignContract.listCampaigns, (ctx, { query }) => campaignPage(ctx, query)),
  implement(campaignContract.createCampaign, async (ctx, { body }) =>
    oneCampaign(ctx, await campaigns.createCampaign(ctx, body)),
  ),
  implement(campaignContract.getCampaign, (ctx, { params }) => oneCampaign(ctx, params.id)),
  implement(campaignContract.updateCampaign, async (ctx, { params, body }) => {
    await campaigns.updateCampaign(ctx, params.id, body)
    return oneCampaign(ctx, params.id)
  }),
  implement(campaignContract.deleteCampaign, (ctx, { params }) => done(campaigns.deleteCampaign(ctx, params.id))),
  implement(campaignContract.previewAudience, (ctx, { body }) => audiencePreview(ctx, body)),
  implement(campaignContract.startCampaign, async (ctx, { params, body }) => {
    await campaigns.startCampaign(ctx, params.id, body.at === undefined ? undefined : new Date(body.at))
    return oneCampaign(ctx, params.id)
  }),
  implement(campaignContract.pauseCampaign, async (ctx, { params }) => {
    await campaigns.pauseCampaign(ctx, params.id)
    return oneCampaign(ctx, params.id)
  }),
  implement(campaignContract.resumeCampaign, async (ctx, { params }) => {
    await campaigns.resumeCampaign(ctx, params.id)
    return oneCampaign(ctx, params.id)
  }),
  implement(campaignContract.cancelCampaign, async (ctx, { params }) => {
    await campaigns.cancelCampaign(ctx, params.id)
    return oneCampaign(ctx, params.id)
  }),
  implement(campaignContract.listMessages, (ctx, { params, query }) => messagePage(ctx, params.id, query)),
  implement(campaignContract.messageFigures, (ctx, { query }) => messageFigureList(ctx, query)),
  implement(topicContract.listTopics, ctx => topicList(ctx)),
  implement(topicContract.createTopic, async (ctx, { body }) => ({ id: await topics.createTopic(ctx, body) })),
  implement(topicContract.updateTopic, (ctx, { params, body }) => done(topics.updateTopic(ctx, params.id, body))),
  implement(topicContract.deleteTopic, (ctx, { params }) => done(topics.deleteTopic(ctx, params.id))),
  implement(settingsContract.readMessageSettings, async ctx => ({
    ...(await messageSettings(ctx)),
    canSend: ctx.installation.smtp !== undefined,
  })),
  implement(settingsContract.changeMessageSettings, (ctx, { body }) => done(topics.changeSettings(ctx, body))),
  implement(settingsContract.listSuppressions, (ctx, { query }) => suppressionPage(ctx, query)),
  implement(settingsContract.addSuppression, async (ctx, { body }) => ({ id: await addSuppression(ctx, body) })),
  implement(settingsContract.removeSuppression, (ctx, { params, body }) =>
    done(removeSuppression(ctx, params.id, body.note)),
  ),
  implement(settingsContract.listSenders, ctx => senderList(ctx)),
  implement(settingsContract.createSender, async (ctx, { body }) => ({ id: await senders.createSender(ctx, body) })),
  implement(settingsContract.updateSender, (ctx, { params, body }) => done(senders.updateSender(ctx, params.id, body))),
  implement(settingsContract.deleteSender, (ctx, { params }) => done(senders.deleteSender(ctx, params.id))),
  implement(settingsContract.checkSender, async (ctx, { params }) => ({
    checks: await senders.checkSender(ctx, params.id),
  })),
  implement(settingsContract.listProviders, ctx => providerList(ctx)),
  implement(settingsContract.createProvider, async (ctx, { body }) => {
    const id = await createProvider(ctx, body)
    return { id, path: providerPath(ctx, id) }
  }),
  implement(settingsContract.deleteProvider, (ctx, { params }) => done(deleteProvider(ctx, params.id))),
]

export const providerRoutes: readonly RawImplementation[] = [
  { contract: receiveMailEvents, handle: (installation, request) => receive(installation, request) },
]
