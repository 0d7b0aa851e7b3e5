import { type Implementation, implement } from '../../../platform/http/implement.ts'
import { createInApp, deleteInApp, updateInApp } from '../commands/messages.ts'
import { changeInAppSource, revealInAppSecret } from '../commands/sources.ts'
import * as contract from '../contract/messages.ts'
import * as sources from '../contract/sources.ts'
import { inAppList, inAppSourceList, oneInApp } from '../queries/messages.ts'

export const routes: readonly Implementation[] = [
  implement(contract.listInAppMessages, ctx => inAppList(ctx)),
  implement(contract.getInAppMessage, (ctx, { params }) => oneInApp(ctx, params.id)),
  implement(contract.createInAppMessage, async (ctx, { body }) => oneInApp(ctx, await createInApp(ctx, body))),
  implement(contract.updateInAppMessage, async (ctx, { params, body }) => {
    await updateInApp(ctx, params.id, body)
    return oneInApp(ctx, params.id)
  }),
  implement(contract.deleteInAppMessage, (ctx, { params }) => deleteInApp(ctx, params.id).then(() => undefined)),
  implement(sources.listInAppSources, ctx => inAppSourceList(ctx)),
  implement(sources.changeInAppSource, (ctx, { params, body }) =>
    changeInAppSource(ctx, params.id, body.mode).then(() => undefined),
  ),
  implement(sources.revealInAppSecret, (ctx, { params, body }) => revealInAppSecret(ctx, params.id, body.replace)),
]
