import { type Implementation, implement } from '../../platform/http/implement.ts'
import type { RawImplementation } from '../../platform/http/raw.ts'
import * as channels from './commands/channels.ts'
import { changePreferences, readNotices, retryDelivery } from './commands/inbox.ts'
import { pressLink, readLink } from './commands/links.ts'
import { receiveSlack as takePress } from './commands/slack.ts'
import * as channelContract from './contract/channels.ts'
import { countNotices } from './contract/counts.ts'
import * as deliveryContract from './contract/deliveries.ts'
import * as inboxContract from './contract/inbox.ts'
import * as linkContract from './contract/links.ts'
import * as preferenceContract from './contract/preferences.ts'
import { receiveSlack } from './contract/slack.ts'
import { channelList, madeChannel } from './queries/channels.ts'
import { deliveryPage, noticePage, unreadCount } from './queries/inbox.ts'
import { readPreferences } from './queries/receivers.ts'

export const routes: Implementation[] = [
  implement(inboxContract.listNotices, (ctx, { query }) => noticePage(ctx, query)),
  implement(countNotices, ctx => unreadCount(ctx)),
  implement(inboxContract.readNotices, async (ctx, { body }) => ({ read: await readNotices(ctx, body.ids) })),
  implement(preferenceContract.readPreferences, ctx => readPreferences(ctx)),
  implement(preferenceContract.changePreferences, async (ctx, { body }) => {
    await changePreferences(ctx, body)
    return readPreferences(ctx)
  }),
  implement(channelContract.listChannels, ctx => channelList(ctx)),
  implement(channelContract.createChannel, async (ctx, { body }) =>
    madeChannel(ctx, await channels.createChannel(ctx, body)),
  ),
  implement(channelContract.updateChannel, async (ctx, { params, body }) =>
    madeChannel(ctx, await channels.updateChannel(ctx, params.id, body)),
  ),
  implement(channelContract.deleteChannel, async (ctx, { params }) => {
    await channels.deleteChannel(ctx, params.id)
    return undefined
  }),
  implement(channelContract.testChannel, async (ctx, { params }) => ({
    noticeId: await channels.testChannel(ctx, params.id),
  })),
  implement(linkContract.readCardLink, (ctx, { body }) => readLink(ctx, body.token)),
  implement(linkContract.pressCardLink, (ctx, { body }) => pressLink(ctx, body.token)),
  implement(deliveryContract.listDeliveries, (ctx, { query }) => deliveryPage(ctx, query)),
  implement(deliveryContract.retryDelivery, async (ctx, { params }) => {
    await retryDelivery(ctx, params.id)
    return undefined
  }),
]

export const slackRoutes: readonly RawImplementation[] = [{ contract: receiveSlack, handle: takePress }]
